// The compiled program between runs, each of which is a process.
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { environment } from '../support/cli.ts';
import { repoRoot } from '../support/shared.ts';
import { tempDir } from '../support/temp-dir.ts';

const test = suite('cli: the compiled program is kept');

/** A program that says what it makes of its arguments, and ends with the status that is the last of them. */
const PROGRAM = `exports.run = (args) => {
  const shout = (word) => word.toUpperCase();
  process.stdout.write(args.map(shout).join(' '));
  process.exitCode = Number(args[args.length - 1]);
};`;

function starter(): { run(command: string, status?: number): string; file(command: string): string; readonly versions: string } {
  const folder = tempDir();
  const caches = join(folder, 'caches');
  const program = join(folder, 'program-1.cjs');
  writeFileSync(program, PROGRAM);
  const module = pathToFileURL(join(repoRoot, 'src', 'cli', 'code-cache.ts')).href;
  const script = join(folder, 'start.mjs');
  writeFileSync(
    script,
    `import { loadCompiled } from ${JSON.stringify(module)};
const [command, ...rest] = process.argv.slice(2);
loadCompiled(${JSON.stringify(program)}, command).run([command, ...rest]);`,
  );
  const versions = join(caches, 'dwh');
  return {
    run: (command, status = 0) => {
      const args = ['--import', join(repoRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs'), script, command, String(status)];
      try {
        return execFileSync(process.execPath, args, { env: environment({ XDG_CACHE_HOME: caches }), encoding: 'utf8' });
      } catch (error) {
        if (error instanceof Error && 'stdout' in error && 'status' in error && error.status === status) return String(error.stdout);
        throw error;
      }
    },
    file: (command) => join(versions, `program-1.cjs-${process.version}-${process.arch}`, command),
    versions,
  };
}

test('the first run of a command leaves it, the next takes it; one that is damaged or not ours is made anew', () => {
  const { run, file } = starter();
  assert.is(run('parse'), 'PARSE 0');
  const made = statSync(file('parse'));
  assert.is(run('parse'), 'PARSE 0');
  assert.is(statSync(file('parse')).ino, made.ino);

  const bytes = readFileSync(file('parse'));
  bytes.fill('x', bytes.length >> 1);
  writeFileSync(file('parse'), bytes);
  assert.is(run('parse'), 'PARSE 0');
  assert.not.equal(readFileSync(file('parse')), bytes);

  if (process.getuid?.() === 0) {
    chownSync(file('parse'), 4321, 4321);
    assert.is(run('parse'), 'PARSE 0');
    assert.is(statSync(file('parse')).uid, 0);
  }
});

test('the built program is ASCII, as it is read', () => {
  const lib = join(repoRoot, 'dist', 'lib');
  const [program = '', ...others] = readdirSync(lib).filter((name) => name.startsWith('program-'));
  assert.equal(others, []);
  assert.not.match(readFileSync(join(lib, program), 'latin1'), /[^\0-\x7f]/);
});

test('a run that could not start leaves nothing, and what is no command shares one file', () => {
  const { run, file } = starter();
  assert.is(run('biuld', 2), 'BIULD 2');
  assert.not.ok(existsSync(file('biuld')));
  run('../parse', 1);
  assert.ok(existsSync(file('other')));
});

test('other versions that nobody wrote to for a month are removed', () => {
  const { run, file, versions } = starter();
  for (const name of ['old', 'new']) mkdirSync(join(versions, name), { recursive: true });
  const monthAgo = Date.now() / 1000 - 31 * 24 * 3600;
  utimesSync(join(versions, 'old'), monthAgo, monthAgo);
  run('ls');
  assert.equal(
    readdirSync(versions).filter((name) => !file('ls').includes(name)),
    ['new'],
  );
});

test.run();
