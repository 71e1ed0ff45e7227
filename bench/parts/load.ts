// Loading an event log into Sparkify's staging table, against DuckDB's own read_json into the same table; clean files, and files
// with one line in a hundred that must be refused.
import { join } from 'node:path';
import { type Group, timesAtMost } from '../comparison.ts';
import { generateSparkify } from '../generate-sparkify.ts';
import { bareCommand, dwhCommand, newFolder, remove, type Setting } from '../setting.ts';
import { copySparkify } from './start.ts';

const bare = 'bare read_json';
/** The aims are set for loads of this size and larger ones. */
const aimedSize = 1_000_000;

export function* loadPart(setting: Setting, sizes: readonly number[], said: (text: string) => void): Generator<Group, void> {
  for (const events of sizes) {
    for (const rejects of [false, true]) {
      const project = copySparkify(setting, newFolder(setting, 'load'));
      const bucket = join(project, 'bucket');
      said(`making ${events} events`);
      generateSparkify({ out: bucket, events, rejects, songs: 1000 });
      const database = join(project, 'dwh.duckdb');
      const fresh = (): void => remove(database, `${database}.wal`, join(project, 'target'));
      const log = join(bucket, 'log-data');
      const vars = JSON.stringify({
        log_data: log,
        log_jsonpath: join(bucket, 'log_json_path.json'),
        song_data: join(bucket, 'song-data'),
      });
      yield {
        title: `load of ${events} events, ${rejects ? 'one line in a hundred refused' : 'clean'}`,
        commands: [
          { name: bare, argv: bareCommand('read-json', database, log, rejects ? 'ignore-errors' : 'strict'), cwd: project, before: fresh },
          dwhCommand(setting, project, ['load', '-s', 'source:sparkify.staging_events', '--vars', vars], {
            name: 'dwh load',
            before: fresh,
          }),
        ],
        baselines: [bare],
        aims: events >= aimedSize ? [timesAtMost('dwh load', bare, rejects ? 6 : 1.5)] : [],
      };
      remove(project);
    }
  }
}
