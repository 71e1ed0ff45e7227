// Shell completion: what is answered, that nothing is written, and that real shells show it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nameOf } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { candidates } from '../../src/cli/completion/answer.ts';
import { complete } from '../../src/cli/completion/index.ts';
import { splitLine } from '../../src/cli/completion/words.ts';
import { dwhCommand, environment } from '../support/cli.ts';
import { type Fixture, fixtureIn } from '../support/fixture.ts';
import { skipUnless } from '../support/skip.ts';
import { tempDir } from '../support/temp-dir.ts';
import { dwh } from './fake-system.ts';

const test = suite('cli: completion');

const FILES = {
  'project.yml': 'name: shop\nprofile: shop\ntarget-path: "out" # not target\nmodels: {+tags: [base]}\n',
  'profiles.yml': `shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: "{{ env_var('SECRET_PATH', 'a.duckdb') }}"}
    production: {type: duckdb, path: p.duckdb}
other: {outputs: {elsewhere: {type: duckdb}}}
`,
  'models/staging/stg_orders.sql': "{{ config(tags=['nightly', 'new']) }} select * from {{ source('raw', 'orders') }}",
  'models/marts/orders.sql': "{{ config(materialized='table', group='sales') }} select * from {{ ref('stg_orders') }}",
  'models/schema.yml': `sources: [{name: raw, tables: [{name: orders}, {name: customers}]}]
exposures: [{name: board, type: dashboard, owner: {name: me}}]
models: [{name: orders, columns: [{name: id, data_tests: [unique]}]}]
groups: [{name: sales, owner: {name: me}}]
`,
  'macros/money.sql': '{% macro cents(x) %}{{ x }}{% endmacro %}',
  'seeds/countries.csv': 'code\nde\n',
  'tests/no_debts.sql': 'select 1 limit 0',
  'selectors.yml': 'selectors: [{name: hourly, definition: "tag:nightly"}]\n',
};

async function shop(): Promise<Fixture> {
  const dir = tempDir('completion');
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), text);
  }
  const fixture = fixtureIn(dir);
  await fixture.run('parse', { homeDir: dir });
  return fixture;
}

const asked = (dir: string) => (line: string) => candidates(line, { cwd: dir, env: {}, homeDir: join(dir, 'no-home') });

test('commands, options and the values that options take', async () => {
  const ask = asked((await shop()).dir);
  assert.equal(await ask('dwh '), commands.map(nameOf));
  assert.equal(await ask('dwh com'), ['compile', 'completion']);
  assert.equal(await ask('dwh source fr'), ['freshness']);
  assert.equal(await ask('dwh --target dev clu'), ['cluster']);
  assert.equal(await ask('dwh run --full'), ['--full-refresh']);
  assert.equal(await ask('dwh run --no-pa'), ['--no-partial-parse']);
  assert.equal(await ask('dwh run --full-refresh --full'), [], 'once is enough');
  assert.equal(await ask('dwh build --publish '), ['tested', 'always']);
  assert.equal(await ask('dwh build --publish=a'), ['--publish=always']);
  assert.equal(await ask('dwh ls --resource-type model s'), ['seed', 'snapshot', 'source', 'semantic_model', 'saved_query']);
  assert.equal(await ask('dwh run -t '), ['dev', 'production']);
  assert.equal(await ask('dwh run --target=p'), ['--target=production']);
  assert.equal(await ask('dwh run --profile other --target '), ['elsewhere']);
  assert.equal(await ask('dwh run --profile '), ['shop', 'other']);
  assert.equal(await ask('dwh build --selector '), ['hourly']);
  assert.equal(await ask('dwh run-operation '), ['cents']);
  assert.equal(await ask('dwh completion '), ['bash', 'zsh', 'fish']);
});

test('names, methods and their values behind -s, with the operators that stand before them', async () => {
  const ask = asked((await shop()).dir);
  assert.equal(await ask('dwh run -s or'), ['orders']);
  assert.equal(await ask('dwh run --select stg_orders +o'), ['+orders']);
  assert.equal(await ask('dwh run --exclude 2+stg'), ['2+stg_orders']);
  assert.equal(await ask('dwh run -s @cou'), ['@countries']);
  assert.equal(await ask('dwh test -s no_'), ['no_debts']);
  assert.equal(await ask('dwh run -s tag:n'), ['tag:new', 'tag:nightly']);
  assert.equal(await ask('dwh run -s tag:nightly,tag:b'), ['tag:nightly,tag:base']);
  assert.equal(await ask('dwh run -s "orders sou'), ['orders source:', 'orders source_status:']);
  assert.equal(await ask('dwh run -s source:raw.'), ['source:raw.customers', 'source:raw.orders']);
  assert.equal(await ask('dwh run -s path:'), ['path:models/', 'path:seeds/', 'path:tests/']);
  assert.equal(await ask('dwh run -s path:models/s'), ['path:models/schema.yml', 'path:models/staging/']);
  assert.equal(await ask('dwh run -s file:stg'), ['file:stg_orders.sql']);
  assert.equal(await ask('dwh run -s config.materialized:t'), ['config.materialized:table', 'config.materialized:test']);
  assert.equal(await ask('dwh run -s exposure:'), ['exposure:board']);
  assert.equal(await ask('dwh run -s group:'), ['group:sales']);
  assert.equal(await ask('dwh run -s package:'), ['package:this', 'package:shop']);
  assert.equal(await ask('dwh run -s nobody'), []);
});

test('words are those of a shell', () => {
  assert.equal(splitLine('dwh run -s "a b" c\\ d \'e'), { words: ['dwh', 'run', '-s', 'a b', 'c d'], current: 'e' });
  assert.equal(splitLine('dwh '), { words: ['dwh'], current: '' });
});

test('bash replaces what stands behind a colon', async () => {
  const { dir } = await shop();
  assert.is(await complete(['bash', 'dwh run -s tag:ni'], { HOME: dir }, dir), 'nightly\n');
  assert.is(await complete(['zsh', 'dwh run -s tag:ni'], { HOME: dir }, dir), 'tag:nightly\n');
});

test('it never fails, and never writes', async () => {
  const { dir } = await shop();
  const look = () =>
    readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((file) => `${file} ${statSync(join(dir, file)).mtimeMs}`);
  const before = look();
  const lines = ['dwh run -s ', 'dwh run -t ', 'dwh nonsense -s x', 'dwh', '', 'dwh run "', 'dwh ls --project-dir /nowhere -s ', 'dwh --'];
  for (const line of lines) {
    const { status, stderr } = spawnSync(dwhCommand()[0] ?? '', [...dwhCommand().slice(1), '__complete', 'bash', line], {
      cwd: dir,
      encoding: 'utf8',
      env: environment(),
    });
    assert.equal([status, stderr], [0, ''], line);
  }
  assert.equal(look(), before);
  writeFileSync(join(dir, 'profiles.yml'), 'shop: [');
  writeFileSync(join(dir, 'out', 'partial_parse.bin'), readFileSync(join(dir, 'out', 'partial_parse.bin')).subarray(0, 300));
  for (const line of ['dwh run -s o', 'dwh run -t d']) assert.is(await complete(['bash', line], {}, dir), '', line);
  rmSync(join(dir, 'out'), { recursive: true });
  assert.is(await complete(['fish', 'dwh run -s tag:'], {}, dir), '');
  assert.equal(splitLine((await complete(['fish', 'dwh run -s ta'], {}, dir)).trim()).current, 'tag:', 'methods need no cache');
});

test('the command prints a script for each shell, and says what is wrong', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) assert.match((await dwh(['completion', shell])).stdout, `__complete ${shell} `);
  assert.match((await dwh(['completion'], { env: { SHELL: '/usr/bin/zsh' } })).stdout, '#compdef dwh');
  const unknown = await dwh(['completion', 'tcsh']);
  assert.is(unknown.status, 2);
  assert.match(unknown.stderr, "there is no completion for 'tcsh'");
  assert.is((await dwh(['completion'], { env: {} })).status, 2);
});

/** A program `dwh` that stands on the PATH. */
function onPath(): string {
  const folder = tempDir('bin');
  const quoted = dwhCommand().map((word) => `'${word}'`);
  writeFileSync(join(folder, 'dwh'), `#!/bin/sh\nexec ${quoted.join(' ')} "$@"\n`, { mode: 0o755 });
  return folder;
}

const isThere = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

skipUnless(
  isThere('bash'),
  'no bash here',
  test,
)('a real bash shows it', async () => {
  const { dir } = await shop();
  const script = `
    source <(dwh completion bash)
    try() { COMP_LINE="$1"; COMP_POINT=\${#1}; _dwh; printf '%s|' "\${COMPREPLY[@]}"; echo; }
    complete -p dwh
    try 'dwh com'
    try 'dwh run -s stg'
    try 'dwh run -s tag:n'
    try 'dwh run --target=p'
    try 'dwh run -s nobody'
  `;
  const out = execFileSync('bash', ['--norc', '-c', script], {
    cwd: dir,
    encoding: 'utf8',
    env: { ...environment(), PATH: `${onPath()}:${process.env.PATH}` },
  });
  assert.equal(out.trimEnd().split('\n'), [
    'complete -o default -F _dwh dwh',
    'compile|completion|',
    'stg_orders|',
    'new|nightly|',
    'production|',
    '|',
  ]);
});

skipUnless(
  isThere('fish'),
  'no fish here',
  test,
)('a real fish shows it', async () => {
  const { dir } = await shop();
  const out = execFileSync('fish', ['--no-config', '-c', "dwh completion fish | source; complete -C 'dwh run -s stg'"], {
    cwd: dir,
    encoding: 'utf8',
    env: { ...environment(), PATH: `${onPath()}:${process.env.PATH}` },
  });
  assert.match(out, 'stg_orders');
});

skipUnless(
  isThere('zsh'),
  'no zsh here',
  test,
)('a real zsh takes the script', async () => {
  const { dir } = await shop();
  const out = execFileSync('zsh', ['-f', '-c', 'autoload -U compinit; compinit -u; source <(dwh completion zsh); whence -w _dwh'], {
    cwd: dir,
    encoding: 'utf8',
    env: { ...environment(), PATH: `${onPath()}:${process.env.PATH}` },
  });
  assert.match(out, '_dwh: function');
});

test.run();
