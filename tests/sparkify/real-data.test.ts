// The project on the real data that may lie in ../shared, with each of its two song sets: every golden question, asked in its
// own SQL and as the project's analysis, every analysis against plain code, and the counts that were measured apart from dwh.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cli } from '../support/cli.ts';
import { type TextRow, tableOf } from '../support/duckdb.ts';
import { repoRoot, shared, withoutShared } from '../support/shared.ts';
import { skipUnless } from '../support/skip.ts';
import { tempDir } from '../support/temp-dir.ts';
import { analyses, goldenQuestions, goldenRows, questionSql, songSets, sorted, twoDecimals, varsOf } from './golden.ts';
import { plainAnswers } from './plain-answers.ts';

const test = skipUnless(shared('data'), withoutShared, suite('sparkify: the real data'));
const data = shared('data') ?? '';

const events = 'staging_events';
const plays = `(select * from ${events} where page = 'NextSong')`;
const known = `(select * from ${events} where user_id <> '')`;
const songs = 'staging_songs';
const joined = (how: string, on: string, from = plays): string => `select count(*) from ${from} e ${how} join ${songs} s on ${on}`;
const byTitle = 'e.song = s.title';
const byArtist = 'e.artist = s.artist_name';
const byBoth = `${byTitle} and ${byArtist}`;
const byAll = `${byBoth} and e.length = s.duration`;
const distinct = (what: string, from: string): string => `select count(distinct ${what}) from ${from}`;
const userRows = (from: string): string =>
  `select count(*) from (select distinct user_id, first_name, last_name, gender, level from ${from})`;
const levels = (level: string): string =>
  `select count(*) filter (level = 'free') || ' free, ' || count(*) filter (level = 'paid') || ' paid' from (select ${level} as level from ${plays} group by user_id)`;
const sharing = (from: string): string =>
  `select count(*) - (select count(*) from (select distinct user_id, ts from ${from})) from ${from}`;

/** What was counted in the raw files by other means: with the songs of the bucket, and with the classic 71 where that differs. */
const counts: readonly (readonly [what: string, sql: string, s3: string, classic71?: string])[] = [
  ['events', `select count(*) from ${events}`, '8056'],
  ['songs', `select count(*) from ${songs}`, '1943', '71'],
  ['plays', `select count(*) from ${plays}`, '6820'],
  ['joined to songs by title, artist and duration', joined('inner', byAll), '39', '1'],
  ['the same from the left', joined('left', byAll), '6820'],
  ['by title and artist', joined('inner', byBoth), '41', '1'],
  ['the same from the left', joined('left', byBoth), '6820'],
  ['by title', joined('inner', byTitle), '153', '4'],
  ['the same from the left', joined('left', byTitle), '6848', '6820'],
  ['by artist', joined('inner', byArtist), '1279', '21'],
  ['the same from the left', joined('left', byArtist), '7001', '6820'],
  ['by all three, on all pages', joined('inner', byAll, events), '39', '1'],
  ['users, with the empty one', distinct('user_id', events), '98'],
  ['users', distinct('user_id', known), '97'],
  ['users with plays', distinct('user_id', plays), '96'],
  ['distinct user rows of plays', userRows(plays), '104'],
  ['distinct user rows', userRows(known), '105'],
  ['distinct user rows, with the empty one', userRows(events), '107'],
  ['events without a user', `select count(*) from ${events} where user_id = '' and auth = 'Logged Out'`, '286'],
  ['events without an artist', `select count(*) from ${events} where artist is null`, '1236'],
  ['plays without an artist', `select count(*) from ${plays} where artist is null`, '0'],
  ['instants of plays', distinct('ts', plays), '6813'],
  ['instants', distinct('ts', events), '8023'],
  ['seconds with plays', distinct('ts // 1000', plays), '6813'],
  ['events that share user and instant', sharing(events), '18'],
  ['plays that share user and instant', sharing(plays), '0'],
  ['exact duplicates', `select count(*) - (select count(*) from (select distinct * from ${events})) from ${events}`, '0'],
  ['first and last ts', `select min(ts) || ' ' || max(ts) from ${events}`, '1541105830796 1543607664796'],
  ['first and last ts of plays', `select min(ts) || ' ' || max(ts) from ${plays}`, '1541106106796 1543607664796'],
  ['sessions', distinct('session_id', events), '941'],
  ['sessions with plays', distinct('session_id', plays), '776'],
  ['sessions of users', distinct('(user_id, session_id)', events), '1064'],
  ['levels, if the first play counted', levels('arg_min(level, ts)'), '81 free, 15 paid'],
  ['levels, as the last play says', levels('arg_max(level, ts)'), '74 free, 22 paid'],
  [
    'levels in dim_users',
    "select count(*) filter (level = 'free') || ' free, ' || count(*) filter (level = 'paid') || ' paid' from dim_users",
    '74 free, 22 paid',
  ],
  ['song ids', distinct('song_id', songs), '1943', '71'],
  ['artist ids', distinct('artist_id', songs), '1809', '69'],
  [
    'distinct artist rows',
    `select count(*) from (select distinct artist_id, artist_name, artist_location, artist_latitude, artist_longitude from ${songs})`,
    '1826',
    '69',
  ],
  ['songs of no known year', `select count(*) from ${songs} where year = 0`, '580', '43'],
  ['songs without a place', `select count(*) from ${songs} where artist_latitude is null`, '1270', '40'],
  ['songs with an empty location', `select count(*) from ${songs} where artist_location = ''`, '884', '28'],
  ['refused records', 'select count(*) from _dwh.load_rejects', '0'],
  ['loaded files', 'select count(*) from _dwh.load_files', '1973', '101'],
];

for (const [set, songFolder] of songSets) {
  const folder = tempDir(set);
  const database = join(folder, 'sparkify.duckdb');
  const vars = varsOf(songFolder);
  const dwh = async (...args: readonly string[]): Promise<string> => {
    const place = ['--profiles-dir', folder, '--target', 'real', '--target-path', join(folder, 'target'), '--vars', JSON.stringify(vars)];
    const { code, stdout, stderr } = await cli([...args, ...place]);
    assert.is(code, 0, stdout + stderr);
    return stdout;
  };
  const rows = (sql: string): Promise<readonly TextRow[]> => tableOf(database, sql);
  const golden = (question: string): readonly (readonly string[])[] => goldenRows(set, question);
  /** A query of the analysis, which it names `answer`. */
  const answers = (analysis: string, sql: string): Promise<readonly TextRow[]> => {
    const compiled = readFileSync(join(folder, 'target', 'compiled', 'sparkify', 'analyses', `${analysis}.sql`), 'utf8');
    return rows(`with answer as (${compiled}) ${sql}`);
  };

  test(`${set}: the project builds, and all its tests pass`, async () => {
    const profile = { sparkify: { outputs: { real: { type: 'duckdb', path: database } } } };
    writeFileSync(join(folder, 'profiles.yml'), JSON.stringify(profile));
    assert.match(await dwh('build'), /\nDone\. PASS=\d+ WARN=0 ERROR=0 SKIP=0 /);
    await dwh('compile', '--resource-type', 'analysis');
  });

  test(`${set}: every golden question, in its own SQL, is answered exactly`, async () => {
    const questions = goldenQuestions();
    assert.ok(questions.length >= 12, `${questions.length} questions`);
    for (const question of questions) {
      assert.equal(sorted(await rows(questionSql(question))), sorted(golden(question)), question);
    }
  });

  test(`${set}: the project's own analyses answer them, too`, async () => {
    for (const [question, [analysis, sql]] of Object.entries(analyses)) {
      const wanted = golden(question).map((row) => row.map(twoDecimals));
      assert.equal(sorted(await answers(analysis, sql)), sorted(wanted), question);
    }
  });

  test(`${set}: every analysis answers what plain code finds in the raw files`, async () => {
    const both = tempDir(set);
    symlinkSync(vars.log_data, join(both, 'log-data'));
    symlinkSync(vars.song_data, join(both, 'song-data'));
    for (const [analysis, wanted] of Object.entries(plainAnswers(both)))
      assert.equal(sorted(await answers(analysis, 'select * from answer')), sorted(wanted.rows), analysis);
  });

  test(`${set}: the counts of the raw files hold`, async () => {
    const found = await rows(counts.map(([, sql], index) => `select ${index}, cast((${sql}) as varchar)`).join('\nunion all '));
    const wanted = counts.map(([, , s3, classic71 = s3], index) => [index, set === 's3' ? s3 : classic71]);
    const named = (all: readonly (readonly (string | number | null)[])[]): readonly string[] =>
      all.map(([index, count]) => `${counts[Number(index)]?.[0]}: ${count}`).sort();
    assert.equal(named(found), named(wanted));
  });

  test(`${set}: a second build loads no file and leaves every row as it was`, async () => {
    const tables = [
      'staging_events',
      'staging_songs',
      'fact_songplays',
      'dim_users',
      'dim_songs',
      'dim_artists',
      'dim_time',
      '_dwh.load_files',
    ];
    const digests = (): Promise<readonly TextRow[]> =>
      rows(tables.map((table) => `select '${table}', count(*), sum(hash(t)) from ${table} as t`).join('\nunion all '));
    const before = await digests();
    assert.match(await dwh('build'), 'no new files (30 loaded before)');
    assert.equal(await digests(), before);
  });
}

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
const filesBelow = (folder: string, leftOut: RegExp): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !leftOut.test(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path, leftOut) : entry.isFile() ? [path] : [];
    });

test('no file of the repository is a copy of one of these', () => {
  const theirs = new Set([...filesBelow(data, /^$/), ...[shared('dwh.cfg') ?? []].flat()].map(hashOf));
  const own = filesBelow(repoRoot, /^(\.git|\.tmp|node_modules|dist.*|target|.*\.duckdb(\.wal)?)$/).filter(
    (file) => statSync(file).size > 0,
  );
  assert.ok(theirs.size > 2000 && own.length > 500, `${theirs.size} and ${own.length} files`);
  assert.equal(
    own.filter((file) => theirs.has(hashOf(file))),
    [],
  );
});

test.run();
