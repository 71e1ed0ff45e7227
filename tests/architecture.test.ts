import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { missingPackages } from '../scripts/complete-lockfile.ts';
import { repoRoot, shared, withoutShared } from './support/shared.ts';
import { skipUnless } from './support/skip.ts';
import { codeOnly, importsOf } from './support/source-code.ts';

/** A folder of src/ imports only itself and the rows above its own. The last row is the public API, src/index.ts. */
const layers = [
  ['core'],
  ['template', 's3', 'lint'],
  ['adapters'],
  ['context'],
  ['loading'],
  ['materializations', 'data-tests'],
  ['project'],
  ['packages', 'graph'],
  ['site', 'provision'],
  ['engine'],
  ['reporters'],
  ['cli'],
  ['index.ts'],
];
const layerOf = (folder: string): number => layers.findIndex((row) => row.includes(folder));

const filesIn = (folder: string): string[] =>
  existsSync(join(repoRoot, folder))
    ? readdirSync(join(repoRoot, folder), { recursive: true, encoding: 'utf8' })
        .map((file) => `${folder}/${file.split(sep).join('/')}`)
        .filter((file) => statSync(join(repoRoot, file)).isFile())
        .sort()
    : [];

const read = (file: string): string => readFileSync(join(repoRoot, file), 'utf8');
const sources = filesIn('src')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, folder: file.split('/')[1] ?? '', text: read(file), code: codeOnly(read(file)) }));
const testFiles = filesIn('tests').filter((file) => file.endsWith('.test.ts'));

/** 'file:line' of every match, outside comments and literals when given `codeOnly` text. */
const places = (file: string, text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(({ index }) => `${file}:${text.slice(0, index).split('\n').length}`);

const isRelative = (specifier: string): boolean => specifier.startsWith('.');
const target = (file: string, specifier: string): string =>
  normalize(join(dirname(file), specifier))
    .split(sep)
    .join('/');

/** git's list of tracked files with their blob ids; undefined outside a checkout. */
function trackedFiles(): readonly { readonly file: string; readonly blob: string }[] | undefined {
  try {
    const list = execFileSync('git', ['ls-files', '-s', '-z'], { cwd: repoRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return list
      .split('\0')
      .filter((line) => line !== '')
      .map((line) => ({ file: line.slice(line.indexOf('\t') + 1), blob: line.split(' ')[1] ?? '' }))
      .filter(({ file }) => existsSync(join(repoRoot, file)));
  } catch {
    return undefined;
  }
}
const tracked = trackedFiles();
const isText = (file: string): boolean => !readFileSync(join(repoRoot, file)).subarray(0, 8000).includes(0);

const test = suite('architecture');
const inCheckout = skipUnless(tracked, 'this is not a git checkout', test);

test('a folder of src/ imports only itself and those above it', () => {
  const wrong: string[] = [];
  for (const { file, folder, text } of sources) {
    if (layerOf(folder) < 0) wrong.push(`${file}: src/${folder} has no place in the table`);
    for (const specifier of importsOf(text)) {
      if (!isRelative(specifier)) continue;
      const path = target(file, specifier);
      const other = path.split('/')[1] ?? '';
      // The binary's own version stands there only.
      if (folder === 'cli' && path === 'package.json') continue;
      if (!path.startsWith('src/')) wrong.push(`${file} imports ${path}`);
      else if (other !== folder && layerOf(other) >= layerOf(folder)) wrong.push(`${file} imports ${path}`);
      if (!existsSync(join(repoRoot, path))) wrong.push(`${file} imports ${path}, which is not there`);
    }
  }
  assert.equal(wrong, []);
});

test('core imports nothing outside itself', () => {
  const wrong = sources
    .filter(({ folder }) => folder === 'core')
    .flatMap(({ file, text }) =>
      importsOf(text)
        .filter((one) => !isRelative(one))
        .map((one) => `${file} imports ${one}`),
    );
  assert.equal(wrong, []);
});

test('no files import one another in a cycle, type imports included', () => {
  const edges = new Map(
    sources.map(({ file, text }) => [
      file,
      importsOf(text)
        .filter(isRelative)
        .map((one) => target(file, one)),
    ]),
  );
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      return;
    }
    if (finished.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    finished.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  assert.equal(cycles, []);
});

test('every source file opens with a comment', () => {
  const opening: Readonly<Record<string, RegExp>> = { ts: /^(?:#!.*\n)?(?:\/\/|\/\*)/, sql: /^(?:\{#|--)/ };
  const bare = filesIn('src').filter((file) => opening[file.split('.').at(-1) ?? '']?.test(read(file)) === false);
  assert.equal(bare, []);
});

test('the process and the clock are read in cli/ only, and only reporters/ and cli/ write', () => {
  const clock = /\bprocess\s*\.|\bDate\s*\.\s*now\b|\bnew\s+Date\b\s*(?:\(\s*\)|(?![\s(]))/g;
  const wrong = sources
    .filter(({ folder }) => folder !== 'cli')
    .flatMap(({ file, folder, code }) => [
      // A reporter is handed its streams; it never reaches for them.
      ...places(file, code, clock),
      ...(folder === 'reporters' ? [] : places(file, code, /\bconsole\s*\./g)),
    ]);
  assert.equal(wrong, []);
});

test('every suite of every test file is run', () => {
  const suites = (file: string): { made: number; ran: number } => {
    const code = codeOnly(read(file));
    const count = (pattern: RegExp): number => [...code.matchAll(pattern)].length;
    return { made: count(/\bsuite\s*(?:<[^>]*>)?\(/g), ran: count(/\.run\(\)/g) };
  };
  // A suite that several test files share is run in a file beside them.
  const shared = filesIn('tests').filter((file) => file.endsWith('.ts') && !testFiles.includes(file) && suites(file).ran > 0);
  const takesShared = (file: string): boolean => shared.some((one) => read(file).includes(`/${one.split('/').at(-1)}'`));
  const wrong = [...testFiles, ...shared].filter((file) => {
    const { made, ran } = suites(file);
    return ran < made || (ran === 0 && !takesShared(file));
  });
  assert.equal(wrong, []);
});

test('no test runs alone or is skipped without a reason', () => {
  const wrong = testFiles.flatMap((file) => places(file, codeOnly(read(file)), /\b\w*(?:test|suite)\w*\.(?:only|skip)\s*\(/gi));
  assert.equal(wrong, [], 'skipUnless(condition, reason, test) says why');
});

inCheckout('nothing is left to do', () => {
  // Spelt so that this file does not find itself.
  const marks = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`, 'g');
  const wrong = (tracked ?? []).filter(({ file }) => isText(file)).flatMap(({ file }) => places(file, read(file), marks));
  assert.equal(wrong, []);
});

inCheckout('no tracked file names a path of this machine or a package registry', () => {
  const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // A checkout may lie in the folder for temporary files, which anything may name.
  const folders = [dirname(repoRoot), homedir()].filter((folder) => folder.length > 1 && folder !== tmpdir());
  const paths = new RegExp(`(?<![\\w./:-])(?:${[...folders.map(escaped), '/home/[a-z]\\w*', '/Users/[A-Za-z]\\w*'].join('|')})(?=/)`, 'g');
  const hosts = new RegExp(`${['registry', '(?:[\\w-]+\\.)+[a-z]{2,}'].join('\\.')}|//[\\w.:-]+/(?:api/)?(?:npm|pypi)/`, 'g');
  const wrong = (tracked ?? [])
    .filter(({ file }) => isText(file))
    .flatMap(({ file }) => [...places(file, read(file), paths), ...places(file, read(file), hosts)]);
  assert.equal(wrong, []);
});

test('the lockfile has no addresses', () => {
  assert.is(read('package-lock.json').includes('"resolved"'), false, 'npm config omit-lockfile-registry-resolved=true is set in .npmrc');
});

test('the lockfile has the packages of every platform, or npm ci would refuse it', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Parameters<typeof missingPackages>[0] };
  assert.equal(missingPackages(packages), [], 'run: node --import tsx scripts/complete-lockfile.ts');
});

skipUnless(
  tracked && shared(),
  withoutShared,
  test,
)('no file of the shared folder is tracked', () => {
  const folder = shared() ?? '';
  const sizes = new Map<number, string[]>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const { size } = statSync(path);
    if (size > 0) sizes.set(size, [...(sizes.get(size) ?? []), path]);
  }
  const wrong = (tracked ?? []).flatMap(({ file, blob }) =>
    (sizes.get(statSync(join(repoRoot, file)).size) ?? [])
      .filter((path) => {
        const content = readFileSync(path);
        return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex') === blob;
      })
      .map((path) => `${file} is ${relative(folder, path)}`),
  );
  assert.equal(wrong, []);
});

test.run();
