// Makes projects of any size that dwh and dbt both read: `layered` is like a real one, `chain` is one model upon another,
// `trivial` is tables that cost the warehouse nothing. One YAML file goes with ten models. The same options give the same
// bytes, and the projects run on DuckDB as they are: on-run-start makes the tables that the sources name.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chainArea, layeredArea, trivialArea } from './project/areas.ts';
import { modelsPerArea, type ProjectFile, type Shape, shapes } from './project/shape.ts';
import { rawTables, sharedFiles } from './project/shared-files.ts';

export interface ProjectOptions {
  readonly models: number;
  readonly shape: Shape;
}

/** Every file of the project, one at a time. */
export function* projectFiles({ models, shape }: ProjectOptions): Generator<ProjectFile, void> {
  yield* sharedFiles(shape);
  const area = { layered: layeredArea, chain: chainArea, trivial: trivialArea }[shape];
  for (let number = 0; number * modelsPerArea < models; number++) {
    yield* area(number, Math.min(modelsPerArea, models - number * modelsPerArea), rawTables);
  }
}

/** Returns how many files were written. */
export function generateProject(out: string, options: ProjectOptions): number {
  const folders = new Set<string>();
  let files = 0;
  for (const [path, text] of projectFiles(options)) {
    const file = join(out, path);
    const folder = dirname(file);
    if (!folders.has(folder)) {
      mkdirSync(folder, { recursive: true });
      folders.add(folder);
    }
    writeFileSync(file, text);
    files++;
  }
  return files;
}

const usage = `usage: node --import tsx bench/generate-project.ts --out DIR --models N [--shape ${shapes.join('|')}]\n`;

/** Returns the exit status. */
function main(argv: readonly string[]): number {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { out: { type: 'string' }, models: { type: 'string' }, shape: { type: 'string', default: 'layered' } },
    });
    const shape = shapes.find((name) => name === values.shape);
    if (values.out === undefined || !/^[1-9]\d{0,6}$/.test(values.models ?? '') || shape === undefined)
      throw new Error('--out, --models (a whole number from 1 up) and a known --shape are needed');
    const files = generateProject(values.out, { models: Number(values.models), shape });
    process.stdout.write(`${JSON.stringify({ files, models: Number(values.models), shape })}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2));
