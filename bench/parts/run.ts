// Running tables that cost nothing: what is left is dwh. Against its own statements sent through the bare driver, and against
// one bare `create or replace table as` (CTAS) for each table.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Group, timesAtMost } from '../comparison.ts';
import { generateProject } from '../generate-project.ts';
import { bareCommand, dwhCommand, newFolder, remove, type Setting } from '../setting.ts';

const own = 'own statements, replayed';
const bare = 'bare CTAS';
/** The aims are set for runs of this size and larger ones. */
const aimedSize = 1000;

export function* runPart(setting: Setting, sizes: readonly number[]): Generator<Group, void> {
  for (const tables of sizes) {
    const project = newFolder(setting, `run-${tables}`);
    generateProject(project, { models: tables, shape: 'trivial' });
    const database = (name: string): string => join(project, `${name}.duckdb`);
    const fresh = (name: string) => (): void => remove(database(name), `${database(name)}.wal`);
    const ownFile = join(project, 'own.json');
    writeFileSync(ownFile, JSON.stringify(sentStatements(setting, project)));
    const bareFile = join(project, 'bare.json');
    const bareStatements = Array.from(
      { length: tables },
      (_, at) => `create or replace table m_${at} as select ${at} as id, 'row ${at}' as label`,
    );
    writeFileSync(bareFile, JSON.stringify(bareStatements));
    yield {
      title: `run of ${tables} trivial tables`,
      commands: [
        // The database has dwh's own name: the statements say it.
        { name: own, argv: bareCommand('replay', database('bench'), ownFile), cwd: project, before: fresh('bench') },
        { name: bare, argv: bareCommand('replay', database('bare'), bareFile), cwd: project, before: fresh('bare') },
        dwhCommand(setting, project, ['run'], { before: fresh('bench') }),
        dwhCommand(setting, project, ['run'], { name: 'dwh run, again' }),
      ],
      baselines: [own, bare],
      aims: tables >= aimedSize ? [timesAtMost('dwh run', own, 1.3), timesAtMost('dwh run', bare, 2.5)] : [],
    };
    remove(project);
  }
}

/** Runs the project once and takes the statements from its log. */
function sentStatements(setting: Setting, project: string): readonly string[] {
  const args = [setting.dwh, 'run', '--log-format', 'json', '--log-level', 'debug'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8', maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(`dwh run ended with ${status}:\n${stderr}`);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.flatMap((line) => {
    const { data, info } = JSON.parse(line) as { data: { sql?: string }; info: { name: string } };
    return info.name === 'SQLQuery' && data.sql !== undefined ? [data.sql] : [];
  });
}
