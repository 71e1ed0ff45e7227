// Bundles src/ into dist/: dwh.cjs is the executable, which loads lib/program-….cjs, one file for all commands; lib/index.js is the
// public API, with its chunks. Drivers stay outside: they have native parts, or are large and seldom needed.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const nodeRequire = createRequire(import.meta.url);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
// Beside, then swapped: a build that fails leaves the last one in place.
const made = join(root, 'dist.new');

/** Drivers are CommonJS. Imported, node first reads all their files for the names they export; DuckDB's takes 0.2 s so. */
const drivers = /^(?:@duckdb\/node-api|pg|pg-copy-streams|libpg-query|@aws-sdk\/.*)$/;
const requireDrivers: Plugin = {
  name: 'require-drivers',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: drivers }, ({ path, kind }) =>
      kind === 'require-call' ? { path, external: true } : { path, namespace: 'driver' },
    );
    onLoad({ filter: drivers, namespace: 'driver' }, ({ path }) => ({ contents: `module.exports = require(${JSON.stringify(path)});` }));
  },
};

/**
 * What yargs lays out are words in Latin letters, as wide as they are long. The package that knows of wide characters, too, makes
 * its tables when it is loaded: 23 ms at each start.
 */
const plainWidth: Plugin = {
  name: 'plain-width',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^string-width$/ }, ({ path }) => ({ path, namespace: 'plain-width' }));
    onLoad({ filter: /./, namespace: 'plain-width' }, () => ({
      contents: `import { stripVTControlCharacters } from 'node:util';
export default (text) => stripVTControlCharacters(text).length;`,
    }));
  },
};

/** Parts of node that few commands need: an import would load them at each start, here the first use of one does. */
const seldomUsed = /^node:(?:child_process|fs\/promises|zlib)$/;
const lateBuiltins: Plugin = {
  name: 'late-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: seldomUsed }, ({ path, kind }) =>
      kind === 'require-call' ? { path, external: true } : { path, namespace: 'late' },
    );
    onLoad({ filter: seldomUsed, namespace: 'late' }, ({ path }) => ({
      contents: `for (const name of ${JSON.stringify(Object.keys(nodeRequire(path)))})
  Object.defineProperty(exports, name, { enumerable: true, get: () => require(${JSON.stringify(path)})[name] });`,
    }));
  },
};

rmSync(made, { recursive: true, force: true });
const shared: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  // Not the names: a stack trace of a bug is for people.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  plugins: [requireDrivers, plainWidth],
  external: ['pg-native', 'chokidar'],
  logLevel: 'warning',
};
await build({
  ...shared,
  entryPoints: { index: 'src/index.ts' },
  outdir: join(made, 'lib'),
  chunkNames: '[name]-[hash]',
  splitting: true,
  format: 'esm',
  // CommonJS dependencies ask for node's modules with require().
  banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);" },
});
// One CommonJS file: a module cannot be handed the code that was compiled of it in an earlier run (src/cli/code-cache.ts).
const commonjs: BuildOptions = {
  ...shared,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  supported: { 'dynamic-import': false },
  plugins: [requireDrivers, plainWidth, lateBuiltins],
};
const { metafile } = await build({
  ...commonjs,
  entryPoints: { program: 'src/cli/program.ts' },
  outdir: join(made, 'lib'),
  entryNames: '[name]-[hash]',
  define: { 'import.meta.url': 'PROGRAM_URL' },
  banner: { js: "const PROGRAM_URL = require('node:url').pathToFileURL(__filename).href;" },
  metafile: true,
});
const [program = ''] = Object.keys(metafile.outputs);
// It is read as bytes of one letter each (src/cli/code-cache.ts), and esbuild leaves letters of regular expressions as they are.
const programFile = join(root, program);
const bundled = readFileSync(programFile, 'utf8');
if (/\\[^\0-\x7f]/.test(bundled))
  throw new Error('dist: a letter beyond ASCII stands behind a backslash, and cannot be written as its number');
writeFileSync(
  programFile,
  bundled.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
);
await build({
  ...commonjs,
  entryPoints: { dwh: 'src/cli/bin.ts' },
  outdir: made,
  define: { PROGRAM: JSON.stringify(basename(program)) },
});
// Read at run time, from ../context/macros of every file in lib/.
cpSync(join(root, 'src', 'context', 'macros'), join(made, 'context', 'macros'), { recursive: true });
chmodSync(join(made, 'dwh.cjs'), 0o755);
// Without checking: `npm run check` does that, and an install must not fail for it.
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--noCheck', '--outDir', join(made, 'types')], {
  cwd: root,
  stdio: 'inherit',
});
rmSync(dist, { recursive: true, force: true });
renameSync(made, dist);

// `npx dwh` in the checkout: without this link npx would first install the project into its own cache.
const link = join(root, 'node_modules', '.bin', 'dwh');
if (process.platform !== 'win32' && !existsSync(link)) {
  rmSync(link, { force: true });
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(join('..', '..', 'dist', 'dwh.cjs'), link);
}
