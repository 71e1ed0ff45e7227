// dwh beside dbt, on the same generated project: reading it cold, warm and after one edit, listing, compiling, running, testing
// and building it. Each has a target folder and a database of its own.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Aim, type Group, timesAtLeast } from '../comparison.ts';
import { generateProject } from '../generate-project.ts';
import { measure } from '../measure.ts';
import { dbtCommand, dbtTarget, dwhCommand, newFolder, remove, type Setting, setAside, untilFilesAreOld } from '../setting.ts';

/** The aims are set for projects of this size. */
const aimedSize = 1000;

export function* dbtPart(setting: Setting, sizes: readonly number[]): Generator<Group, void> {
  const { dbt } = setting;
  if (dbt === undefined) return;
  for (const models of sizes) {
    const project = newFolder(setting, `dbt-${models}`);
    generateProject(project, { models, shape: 'layered' });
    const edited = join(project, 'models', 'area_00000', 'stg_00000_0.sql');
    let edits = 0;
    const edit = (): void => appendFileSync(edited, `-- edit ${++edits}\n`);
    const pair = (
      what: string,
      args: readonly string[],
      times: number,
      before: (target: string, database: string) => void = () => {},
    ): Group => {
      const name = `dwh ${what}`;
      const aim: readonly Aim[] = models === aimedSize ? [timesAtLeast(`dbt ${what}`, name, times)] : [];
      return {
        title: `${what}, ${models} models`,
        commands: [
          dwhCommand(setting, project, args, { name, before: () => before('target', 'bench.duckdb') }),
          dbtCommand(dbt, project, args, { name: `dbt ${what}`, before: () => before(dbtTarget, 'dbt.duckdb') }),
        ],
        baselines: [name],
        aims: aim,
      };
    };
    for (const command of [dwhCommand(setting, project, ['parse']), dbtCommand(dbt, project, ['parse'])]) measure(command);
    untilFilesAreOld();
    const fresh = (_: string, database: string): void => remove(join(project, database), join(project, `${database}.wal`));
    yield pair('parse, cold', ['parse', '--no-partial-parse'], 20);
    yield pair('parse, warm', ['parse'], 20);
    yield pair('parse, after one edit', ['parse'], 20, edit);
    untilFilesAreOld();
    for (const command of [dwhCommand(setting, project, ['parse']), dbtCommand(dbt, project, ['parse'])]) measure(command);
    yield pair('ls', ['ls'], 20);
    // Afterwards the relations are there that templates might ask for.
    yield pair('run', ['run'], 5, fresh);
    yield pair('compile', ['compile'], 20);
    yield pair('compile, its files made anew', ['compile'], 20, (target) => setAside(setting, join(project, target, 'compiled')));
    yield pair('test', ['test'], 5);
    yield pair('build', ['build'], 5, fresh);
    remove(project);
  }
}
