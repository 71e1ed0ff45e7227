#!/usr/bin/env node
// The executable. Nothing is imported before it is known to be needed: `dwh --version` must cost no more than starting node.
import { VERSION } from './version.ts';

const [first, ...rest] = process.argv.slice(2);
if (rest.length === 0 && (first === '--version' || first === '-V' || first === '-v')) {
  process.stdout.write(`dwh ${VERSION}\n`);
} else if (first === '__complete') {
  const { complete } = await import('./completion/index.ts');
  process.stdout.write(await complete(rest, process.env, process.cwd()));
} else {
  await optimiseLess();
  // From Node 22 on, compiled code is kept between runs.
  const { enableCompileCache } = (await import('node:module')) as { enableCompileCache?: () => unknown };
  enableCompileCache?.();
  const { runProcess } = await import('./process.ts');
  await runProcess(process.argv.slice(2));
}

/**
 * Node 20 optimises what has run for a while, and most of dwh's runs end before that pays: a sixth of their CPU time went into
 * code that hardly ran any more. Here it waits nine times as long. Node 22 and later weigh this better, and have no such flag.
 */
async function optimiseLess(): Promise<void> {
  if (Number.parseInt(process.versions.node, 10) > 21) return;
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--interrupt-budget=600000');
}
