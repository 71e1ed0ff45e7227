// Bundles src/ into dist/: dwh.js is the executable, lib/index.js the public API, lib/ the chunks that both share and that are
// loaded when needed. Drivers stay outside: they have native parts, or are large and seldom needed.
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { dwh: 'src/cli/bin.ts', 'lib/index': 'src/index.ts' },
  outdir: dist,
  chunkNames: 'lib/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  // Names stay: a stack trace of a bug is for people.
  keepNames: false,
  legalComments: 'none',
  external: ['@duckdb/*', '@aws-sdk/*', 'pg', 'pg-native', 'pg-copy-streams', 'chokidar'],
  // CommonJS dependencies ask for node's modules with require().
  banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);" },
  logLevel: 'warning',
});
// Read at run time, from ../context/macros of every file in lib/.
cpSync(join(root, 'src', 'context', 'macros'), join(dist, 'context', 'macros'), { recursive: true });
chmodSync(join(dist, 'dwh.js'), 0o755);
