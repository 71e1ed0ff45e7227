// The twelve mistakes that newcomers make, each made in a copy of tests/fixtures/bakery and met by the real binary. What it
// prints is the golden, and docs/errors.md shows the same.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cli } from '../support/cli.ts';
import { copyFixture, type Fixture } from '../support/fixture.ts';
import { golden } from '../support/golden.ts';
import { repoRoot } from '../support/shared.ts';
import { skipUnless } from '../support/skip.ts';
import { tempDir } from '../support/temp-dir.ts';

const test = suite('errors: twelve mistakes of newcomers');

interface Mistake {
  /** As the heading in docs/errors.md. */
  readonly title: string;
  readonly code: string;
  readonly exit: number;
  readonly make: (bakery: Fixture) => Promise<unknown>;
  /** Starts the binary. */
  readonly through?: readonly string[];
}

/** In a file of the fixture, which must have it. */
const replace =
  (file: string, from: string, to: string) =>
  async (bakery: Fixture): Promise<void> => {
    const text = await bakery.read(file);
    assert.ok(text.includes(from), `${file} has no ${from}`);
    await bakery.write(file, text.replace(from, to));
  };

const mistakes: readonly Mistake[] = [
  { title: 'A misspelt ref', code: 'ref-not-found', exit: 2, make: replace('models/days.sql', "ref('sales')", "ref('sale')") },
  {
    title: 'A profile that is not there',
    code: 'profiles-missing',
    exit: 2,
    make: replace('project.yml', 'name: bakery\n', 'name: bakery\nprofile: bakery\n'),
  },
  {
    title: 'A tab in YAML',
    code: 'yaml-tab',
    exit: 2,
    make: replace('models/models.yml', '    description: One row per sale.', '\tdescription: One row per sale.'),
  },
  {
    title: 'A misspelt config key',
    code: 'config-misspelt',
    exit: 0,
    make: replace('project.yml', '+materialized', '+materialised'),
  },
  {
    title: 'Two models of one name',
    code: 'duplicate-name',
    exit: 2,
    make: async (bakery) => bakery.write('models/old/days.sql', await bakery.read('models/days.sql')),
  },
  { title: 'Bad SQL', code: 'database-error', exit: 1, make: replace('models/days.sql', 'sum(pieces)', 'sum(peices)') },
  {
    title: 'A value of the wrong type in a source file',
    code: 'load-reject',
    exit: 1,
    make: replace('data/sales/2024-01-03.json', '"cents": 960', '"cents": "9.60"'),
  },
  {
    title: 'A folder that cannot be read',
    code: 'load-unreadable',
    exit: 1,
    make: async (bakery) => chmodSync(bakery.path('data/sales'), 0),
    // The rights of a folder mean nothing to root, unless it goes without its powers over files.
    ...(isRoot() && { through: ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'] }),
  },
  { title: 'A database that is in use', code: 'database-locked', exit: 2, make: async () => undefined },
  {
    title: 'Models in a circle',
    code: 'graph-cycle',
    exit: 2,
    make: replace('models/sales.sql', "source('till', 'raw_sales')", "ref('days')"),
  },
  { title: 'A var without a value', code: 'var-undefined', exit: 2, make: replace('models/sales.sql', 'var("opened")', 'var("open")') },
  {
    title: 'A jsonpaths file that is none',
    code: 'jsonpaths-key',
    exit: 1,
    make: replace('data/paths.json', '"jsonpaths"', '"jsonpath"'),
  },
];

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Another program with the project's database open. */
async function notebook(bakery: Fixture): Promise<ChildProcess> {
  const driver = join(repoRoot, 'node_modules', '@duckdb', 'node-api', 'lib', 'index.js');
  await bakery.write(
    'notebook.mjs',
    `import duckdb from ${JSON.stringify(driver)};
     const instance = await duckdb.DuckDBInstance.create('dwh.duckdb');
     await instance.connect();
     console.log('open');
     setInterval(() => {}, 1000);`,
  );
  const child = spawn(process.execPath, ['notebook.mjs'], { cwd: bakery.dir, stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

interface Answer {
  readonly exit: number | null;
  readonly text: string;
}

/** What the binary prints, with the places, numbers and times of this run as on the page. */
async function answer({ make, through, code }: Mistake): Promise<Answer> {
  const bakery = copyFixture('bakery');
  await make(bakery);
  const holder = code === 'database-locked' ? await notebook(bakery) : undefined;
  const home = tempDir('home');
  try {
    const ended = await cli(['build', '--log-level', 'warn'], { cwd: bakery.dir, env: { HOME: home }, ...(through && { through }) });
    assert.is(ended.stderr, '');
    const text = ended.stdout
      .replaceAll(bakery.dir, '/bakery')
      .replaceAll(home, '~')
      .replace(/\.{3,} \[ERROR in \d+\.\d\ds\]/, '... [ERROR in 0.01s]')
      // Which program it is can be told on Linux only.
      .replace(/ in use by another process.*\(PID \d+\)/, ' in use by another process: node notebook.mjs (PID 4321)')
      .replace(`kill ${holder?.pid}`, 'kill 4321');
    return { exit: ended.code, text };
  } finally {
    holder?.kill('SIGKILL');
    chmodSync(bakery.path('data/sales'), 0o755);
  }
}

/** What the page has below the heading: a block with the text, and behind it the exit status. */
function shown(title: string): Answer {
  const page = readFileSync(join(repoRoot, 'docs', 'errors.md'), 'utf8');
  const [, below = ''] = page.split(`\n### ${title}\n`);
  const [, text = '', exit] = /^\n```text\n(.*?)^```\n\nExit status (\d)\. /ms.exec(below) ?? [];
  return { text, exit: Number(exit) };
}

for (const mistake of mistakes) {
  const { title, code, exit, through = [] } = mistake;
  const check = skipUnless(
    through.every((word, index) => index > 0 || isThere(word)),
    `as root this needs ${through[0]}`,
    test,
  );
  check(title, async () => {
    const found = await answer(mistake);
    assert.is(found.exit, exit, found.text);
    assert.equal(
      [...found.text.matchAll(/\b(?:error|warning)\[([\w-]+)\]/g)].map(([, one]) => one),
      [code],
    );
    golden(`errors/${code}.txt`, `${found.text}[exit ${found.exit}]\n`);
    assert.equal(shown(title), found, 'docs/errors.md shows another answer');
  });
}

test('there are twelve, and no others on the page', () => {
  const page = readFileSync(join(repoRoot, 'docs', 'errors.md'), 'utf8');
  const [, section = ''] = page.split('\n## Twelve that newcomers meet\n');
  const titles = [...(section.split(/^## /m)[0] ?? '').matchAll(/^### (.*)$/gm)].map(([, title]) => title);
  assert.equal(
    titles,
    mistakes.map(({ title }) => title),
  );
  assert.is(titles.length, 12);
});

test.run();
