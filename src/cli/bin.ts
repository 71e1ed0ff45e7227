#!/usr/bin/env node
// The executable. Nothing is imported before it is known to be needed: `dwh --version` must cost no more than starting node.
import { VERSION } from './version.ts';

const [first, ...rest] = process.argv.slice(2);
if (rest.length === 0 && (first === '--version' || first === '-V' || first === '-v')) {
  process.stdout.write(`dwh ${VERSION}\n`);
} else {
  // From Node 22 on, compiled code is kept between runs.
  const { enableCompileCache } = (await import('node:module')) as { enableCompileCache?: () => unknown };
  enableCompileCache?.();
  const { runProcess } = await import('./process.ts');
  await runProcess(process.argv.slice(2));
}
