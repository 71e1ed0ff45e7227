// What the pages name is there: commands, options, environment variables, files, config keys, names in templates, and how many.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseArguments } from '../../src/cli/arguments.ts';
import { commands } from '../../src/cli/commands/index.ts';
import type { Options } from '../../src/cli/given.ts';
import { globalOptions } from '../../src/cli/options.ts';
import { DwhError } from '../../src/core/problem.ts';
import { dataTests } from '../../src/data-tests/index.ts';
import { rules } from '../../src/lint/redshift/index.ts';
import { cases } from '../lint/redshift/support.ts';
import { copyFixture, output } from '../support/fixture.ts';
import { repoRoot, shared } from '../support/shared.ts';
import { codeIn, pages } from './pages.ts';

const test = suite('docs: names');

/** Names that stand for those of a reader. */
const EXAMPLES = new Set(['analytics_marts', 'songs-old/', 'test_x']);

interface Named {
  readonly at: string;
  readonly code: string;
}
// The page of data tests is written from their definitions, and has its own test.
const named: readonly Named[] = pages
  .filter(({ file }) => file !== 'docs/data-tests.md')
  .flatMap((page) => codeIn(page).map(({ line, code }) => ({ at: `${page.file}:${line}`, code })));

const textsIn = (folder: string): readonly string[] =>
  readdirSync(join(repoRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:ts|sql|yml|csv|md)$/.test(file))
    .flatMap((file) => [file, readFileSync(join(repoRoot, folder, file), 'utf8')]);
const source = textsIn('src').join('\n');
const everything = [
  source,
  readFileSync(join(repoRoot, 'profiles.example.yml'), 'utf8'),
  ...['models', 'macros', 'seeds', 'analyses', 'data-tests', 'bench', 'scripts', 'tests/support'].flatMap(textsIn),
].join('\n');
const hasWord = (text: string, word: string): boolean =>
  new RegExp(`(?<![\\w-])${word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`).test(text);

/** As a shell does, without expansions. */
const words = (line: string): readonly string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare ?? '');

async function allOptions(): Promise<Options> {
  const entries = commands.flatMap((one) => ('commands' in one ? one.commands : [one]));
  const own = await Promise.all(entries.map(async (entry) => (await entry.load()).options));
  return Object.assign({}, globalOptions, ...own) as Options;
}

test('commands can be given as they are written', async () => {
  const written = named.flatMap(({ at, code }) => {
    const line = /^(?:[A-Z_]+=\S+ )?(?:npx )?dwh (.*?)(?: > \S+)?$/.exec(code)?.[1];
    return line === undefined || line.includes('<') ? [] : [{ at, line }];
  });
  assert.ok(written.length > 10);
  const wrong: string[] = [];
  for (const { at, line } of written) {
    const argv = words(line);
    try {
      await parseArguments(argv, { env: {}, stdout: { isTTY: false, columns: () => 80, write: () => undefined } });
    } catch (error) {
      if (!(error instanceof DwhError)) throw error;
      wrong.push(`${at}: dwh ${line}: ${error.message}`);
    }
  }
  assert.equal(wrong, []);
});

test('options are there', async () => {
  const options = await allOptions();
  const ofPages: Readonly<Record<string, string>> = {
    'docs/sparkify.md': readFileSync(join(repoRoot, 'bench', 'generate-sparkify.ts'), 'utf8'),
    'docs/speed.md': readFileSync(join(repoRoot, 'bench', 'setting.ts'), 'utf8') + readFileSync(join(repoRoot, 'bench', 'main.ts'), 'utf8'),
  };
  const wrong = named.filter(({ at, code }) => {
    const name = /^--?([a-z][a-z-]*)(?= |$)/.exec(code)?.[1];
    if (name === undefined) return false;
    const bare = name.replace(/^no-/, '');
    const known = Object.entries(options).some(([key, { short, aliases = [] }]) => [key, short, ...aliases].includes(bare));
    return !known && !hasWord(ofPages[at.replace(/:\d+$/, '')] ?? '', name);
  });
  assert.equal(wrong, []);
});

test('environment variables are read', async () => {
  const options = Object.values(await allOptions());
  const wrong = named.filter(({ code }) => {
    const name = /^([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=.*)?$/.exec(code)?.[1];
    const stands = name?.replace(/^(?:DWH|DBT)_/, '');
    return name !== undefined && !options.some(({ env }) => env === stands) && !hasWord(everything, name);
  });
  assert.equal(wrong, []);
});

test('files and folders are in the repository, or the source names them', () => {
  const roots = ['.', 'src', 'src/context', 'sample'].map((folder) => join(repoRoot, folder));
  const wrong = named.filter(({ code }) => {
    if (!/^[\w.~-]+(?:\/[\w.<>*-]*)*(?:\/|\.(?:yml|ts|md|json|sql|csv|duckdb))$/.test(code) || EXAMPLES.has(code)) return false;
    const path = code
      .replace(/[<*].*$/, '')
      .replace(/\/$/, '')
      .replace('log-data/YYYY/MM/YYYY-MM-DD-events.json', 'log-data');
    return !roots.some((root) => existsSync(join(root, path))) && !source.includes(`'${path.replace(/^.*\//, '')}'`);
  });
  assert.equal(wrong, []);
});

test('config keys, questions, models and codes are known', () => {
  const wrong = named.filter(({ code }) => {
    const name = /^\+?([a-z][a-z0-9]*(?:[_-][a-z0-9]+)+)(?:: ?.*|\(\))?$/.exec(code)?.[1];
    return name !== undefined && !EXAMPLES.has(name) && !hasWord(everything, name);
  });
  assert.equal(wrong, []);
});

test('names that templates are said to have are there', async () => {
  const names = named
    .filter(({ at }) => at.startsWith('docs/templating.md'))
    .flatMap(({ code }) => (/^ref source [a-z0-9_ ]+$/.test(code) ? code.split(/ +/) : /^dbt\.\w+$/.test(code) ? [code] : []));
  assert.ok(names.length > 35, names.join(' '));
  const asked = names.map((name) => `{{ '${name} ' if ${name} is not defined }}`).join('');
  const events = await copyFixture('shop').run('compile', { inline: `missing: ${asked}` });
  assert.is(output(events).trim(), 'missing:');
});

test('how many data tests there are', () => {
  for (const file of ['README.md', 'CHANGELOG.md']) {
    const text = readFileSync(join(repoRoot, file), 'utf8');
    const count = /(\d+) (?:are built in|generic data tests)/.exec(text)?.[1];
    assert.is(count, String(dataTests.size), file);
  }
});

test('how many statements of Redshift are known', () => {
  const text = readFileSync(join(repoRoot, 'docs', 'verified.md'), 'utf8');
  const numbers = (pattern: RegExp): readonly number[] => (pattern.exec(text) ?? []).slice(1).map(Number);
  const [accepted, refused] = [cases('accepted'), cases('refused')];
  assert.equal(numbers(/accepted\.sql` \| (\d+) in (\d+) classes/), [accepted.length, new Set(accepted.map(({ header }) => header)).size]);
  assert.equal(numbers(/refused\.sql`.*? \| (\d+) \|.* the (\d+) rules/), [refused.length, rules.size]);
  const folder = shared('redshift');
  if (folder === undefined) return;
  const lines = (file: string): number => readFileSync(join(folder, file), 'utf8').trim().split('\n').length;
  assert.equal(numbers(/`valid\.jsonl`, kept apart\) \| (\d+)/), [lines('valid.jsonl')]);
  assert.equal(numbers(/`invalid\.jsonl`, kept apart\) \| (\d+)/), [lines('invalid.jsonl')]);
});

test.run();
