#!/usr/bin/env node
// The executable. Nothing is loaded before it is known to be needed: `dwh --version` must cost no more than starting node.
import { join } from 'node:path';
import { VERSION } from './version.ts';

/** The bundle of all the rest, beside the executable: scripts/build.ts says its name. The sources as they are have none. */
declare const PROGRAM: string | undefined;

async function start(args: readonly string[]): Promise<void> {
  const [first, ...rest] = args;
  if (rest.length === 0 && (first === '--version' || first === '-V' || first === '-v')) {
    process.stdout.write(`dwh ${VERSION}\n`);
  } else {
    await (await program(first)).run(args);
  }
}

async function program(command: string | undefined): Promise<typeof import('./program.ts')> {
  if (typeof PROGRAM !== 'string') return import('./program.ts');
  const { loadCompiled } = await import('./code-cache.ts');
  return loadCompiled(join(__dirname, 'lib', PROGRAM), command) as typeof import('./program.ts');
}

void start(process.argv.slice(2));
