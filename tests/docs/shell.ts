// A shell for the commands of a page: in a copy of the project that ships, where `dwh` and `npx dwh` are this repository's, and
// `npm ci` and `npm test`, which a page may say and a test can't do, only leave a note.
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CliResult, dwhCommand, ended, environment } from '../support/cli.ts';
import { repoRoot } from '../support/shared.ts';
import { tempDir } from '../support/temp-dir.ts';

/** What a newcomer has after `git clone`, as far as commands of the docs need it. */
const PROJECT = [
  ...['project.yml', 'profiles.example.yml', 'package.json', 'tsconfig.json'],
  ...['models', 'macros', 'seeds', 'analyses', 'data-tests', 'sample', 'bench'],
];

export interface Shell {
  /** The project. */
  readonly dir: string;
  /** Stops at the first command that fails; stdout has both streams. */
  run(script: string): Promise<CliResult>;
  /** What npm was asked for: 'ci', 'test'. */
  npm(): readonly string[];
}

/** `env`: what the reader has set before the first command. */
export function shell(env: Readonly<Record<string, string>> = {}): Shell {
  const place = tempDir('docs');
  const dir = join(place, 'dwh');
  const bin = join(place, 'bin');
  mkdirSync(dir);
  mkdirSync(bin);
  for (const name of PROJECT) cpSync(join(repoRoot, name), join(dir, name), { recursive: true });
  symlinkSync(join(repoRoot, 'node_modules'), join(dir, 'node_modules'));
  const notes = join(place, 'npm.txt');
  const program = (name: string, text: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  program('dwh', `exec ${dwhCommand().map(quoted).join(' ')} "$@"`);
  program('npx', '[ "$1" = dwh ] || { echo "npx $*: only npx dwh is known"; exit 99; }\nshift\nexec dwh "$@"');
  program(
    'npm',
    `case "$*" in ci | test) echo "$*" >> ${quoted(notes)} ;; *) echo "npm $*: only npm ci and npm test are known"; exit 99 ;; esac`,
  );
  return {
    dir,
    run(script) {
      const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', `exec 2>&1\n${script}`], {
        cwd: dir,
        env: { ...environment(env), PATH: `${bin}:${process.env.PATH}` },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return ended(child);
    },
    npm: () => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : []),
  };
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
