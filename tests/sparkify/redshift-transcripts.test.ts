// What dwh says to Redshift when it builds the project from S3, as files in tests/goldens/redshift/, and what must be true of
// it. Of the first build queries are there too, of the others only what they read.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { environmentOf, inEnvironment } from '../s3/support.ts';
import { type Client, connect } from '../stand-in/client.ts';
import { broken, OF_BUILDS, RULES, unwatched } from '../stand-in/rules.ts';
import { StandIn } from '../stand-in/stand-in.ts';
import { bucketsOf } from '../stand-in/stores.ts';
import { changesOf, type How, isPublic, nameOf, type Said, said, transcriptText, unitsOf } from '../stand-in/transcript.ts';
import { fixtureIn, type RequestOptions, statuses } from '../support/fixture.ts';
import { golden } from '../support/golden.ts';
import { S3Server } from '../support/s3-server.ts';
import { repoRoot } from '../support/shared.ts';
import { tempDir } from '../support/temp-dir.ts';

const BUCKET = 'dend';
const VARS = { log_data: `s3://${BUCKET}/log-data`, log_jsonpath: `s3://${BUCKET}/paths.json`, song_data: `s3://${BUCKET}/song-data` };
const LOADED = ['staging_events', 'staging_songs'];
const TABLES = [...LOADED, 'stg_plays', 'dim_artists', 'dim_songs', 'dim_users', 'dim_time', 'fact_songplays'];
const SEEDS = ['weekdays', 'subscription_levels'];
const SECRETS = Object.entries(environmentOf({ endpoint: '' } as S3Server)).flatMap(([name, value]) => (/KEY/.test(name) ? [value] : []));

interface Context {
  readonly s3: S3Server;
  readonly standIn: StandIn;
  readonly client: Client;
}
const test = suite<Context>('transcripts of sparkify on redshift');

const event = (userId: string, ts: number, more: Readonly<Record<string, unknown>> = {}): string =>
  `${JSON.stringify({ auth: 'Logged In', firstName: 'Ida', gender: 'F', itemInSession: 0, lastName: 'Holm', level: 'free', method: 'PUT', page: 'NextSong', sessionId: 1, status: 200, userAgent: 'Radio', ...more, userId, ts })}\n`;
const SONG = { title: 'Blue Hour', artist: 'The Lamps', length: 201.5 };
const song = `${JSON.stringify({ num_songs: 1, artist_id: 'AR1', artist_name: SONG.artist, song_id: 'SO1', title: SONG.title, duration: SONG.length, year: 2001 })}\n`;

test.before(async (context) => {
  const s3 = await S3Server.start();
  for (const bucket of [BUCKET, 'work']) s3.bucket(bucket);
  s3.put(BUCKET, 'paths.json', readFileSync(join(repoRoot, 'sample/log_json_path.json')));
  s3.put(BUCKET, 'song-data/A/1.json', song);
  s3.put(BUCKET, 'log-data/2018-11-01.json', event('7', 1541030400000, SONG) + event('8', 1541034000000));
  s3.put(BUCKET, 'log-data/2018-11-02.json', event('7', 1541116800000, { level: 'paid' }));
  const standIn = await StandIn.start({ objects: bucketsOf(s3) });
  Object.assign(context, { s3, standIn, client: await connect(standIn) });
});
test.after(async ({ s3, standIn, client }) => {
  await client.pg.end();
  await standIn.close();
  await s3.close();
});

interface Built {
  readonly transcript: readonly Said[];
  readonly statuses: Readonly<Record<string, string>>;
}
/** In a target folder of its own: times of earlier runs decide on the order. */
async function build(
  { standIn, s3 }: Context,
  options: RequestOptions = {},
  { schema = 'analytics', folder = repoRoot } = {},
): Promise<Built> {
  const profilesDir = tempDir('sparkify');
  const target = { ...standIn.target(schema), threads: 1, work_uri: 's3://work/' };
  writeFileSync(join(profilesDir, 'profiles.yml'), JSON.stringify({ sparkify: { outputs: { other: target } } }));
  const from = standIn.transcript.length;
  const events = await inEnvironment(environmentOf(s3), () =>
    fixtureIn(folder).run('build', { profilesDir, target: 'other', targetPath: join(profilesDir, 'target'), vars: VARS, ...options }),
  );
  return { transcript: said(standIn.transcript.slice(from)), statuses: statuses(events) };
}

/** The project with a test of its user's own. */
function stricter(): string {
  const folder = tempDir('stricter');
  for (const name of ['project.yml', 'models', 'macros', 'seeds', 'analyses', 'data-tests'])
    cpSync(join(repoRoot, name), join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'data-tests/nobody_has_gold.sql'), "select * from {{ ref('fact_songplays') }} where level = 'gold'\n");
  return folder;
}

/** The golden file, and the rules that every build follows. */
function follows(name: string, { transcript }: Built, questions = false): void {
  golden(`redshift/${name}.sql`, transcriptText(transcript, { questions }));
  const units = unitsOf(transcript);
  assert.equal(broken(units, { ...RULES, ...OF_BUILDS }), {});
  assert.equal(unwatched(units, transcript), []);
  const text = transcript.map(({ sql }) => sql).join('\n');
  for (const secret of ['Secret1', ...SECRETS]) assert.not(text.includes(secret), secret);
}
const isWell = (built: Built): void =>
  assert.equal(
    Object.values(built.statuses).filter((one) => !['success', 'pass'].includes(one)),
    [],
  );
const refused = ({ transcript }: Built): readonly string[] =>
  transcript.flatMap(({ sql, outcome }) => (outcome === 'done' ? [] : [`${outcome}: ${sql.split(' set ')[0]}`]));
/** Relations that readers see, and that this happened to. */
const changed = ({ transcript }: Built, ...hows: readonly How[]): ReadonlySet<string> =>
  new Set(
    transcript.flatMap((one) => changesOf(one).flatMap(({ how, name }) => (hows.includes(how) && isPublic(name) ? [nameOf(name)] : []))),
  );
const among = (names: readonly string[], found: ReadonlySet<string>): readonly string[] => names.filter((name) => found.has(name));

async function contents({ client }: Context): Promise<Readonly<Record<string, unknown>>> {
  const found: Record<string, unknown> = {};
  for (const table of [...TABLES, ...SEEDS]) found[table] = await client.rows(`select * from analytics.${table} order by 1, 2`);
  return found;
}

test('a first build: tables are staged, tested and given their names', async (context) => {
  const built = await build(context);
  isWell(built);
  assert.equal(refused(built), ['3F000: update "dev"."_dwh"."lease_analytics"']);
  assert.equal(among([...TABLES, ...SEEDS], changed(built, 'gone', 'altered')), []);
  follows('first-build', built, true);
});

test('with nothing new: tables are filled in place, and hold what they held', async (context) => {
  const before = await contents(context);
  const built = await build(context);
  isWell(built);
  assert.equal(refused(built), []);
  assert.equal(among([...TABLES, ...SEEDS], changed(built, 'gone', 'altered', 'made')), []);
  assert.equal(await contents(context), before);
  assert.not(built.transcript.some(({ kind }) => kind === 'copy'));
  follows('nothing-new', built);
});

test('with a new file: it alone is copied', async (context) => {
  context.s3.put(BUCKET, 'log-data/2018-11-03.json', event('9', 1541203200000));
  const built = await build(context);
  isWell(built);
  assert.equal(refused(built), []);
  assert.equal(among([...TABLES, ...SEEDS], changed(built, 'gone', 'altered', 'made')), []);
  assert.is(built.transcript.filter(({ kind }) => kind === 'copy').length, 1);
  follows('new-file', built);
});

test('a full refresh: what is built beside takes the place of the tables', async (context) => {
  const before = await contents(context);
  const built = await build(context, { fullRefresh: true });
  isWell(built);
  assert.equal(refused(built), []);
  assert.equal(await contents(context), before);
  assert.equal(among(LOADED, changed(built, 'gone', 'altered', 'made', 'rows')), []);
  follows('full-refresh', built);
});

test('a build that is held back: nothing is said of what stays as it is', async (context) => {
  const before = await contents(context);
  context.s3.put(BUCKET, 'log-data/2018-11-04.json', event('9', 1541289600000, { level: 'gold' }));
  const built = await build(context, {}, { folder: stricter() });
  assert.equal(refused(built), []);
  const held = ['fact_songplays', 'dim_time'];
  assert.equal(
    held.map((name) => built.statuses[`model.sparkify.${name}`]),
    ['error', 'skipped'],
  );
  assert.equal(among(held, changed(built, 'gone', 'altered', 'made', 'rows')), []);
  const after = await contents(context);
  for (const table of held) assert.equal(after[table], before[table], table);
  assert.not.equal(after.stg_plays, before.stg_plays);
  follows('held-back', built);
});

test('--empty: all is made, without a file', async (context) => {
  const built = await build(context, { empty: true }, { schema: 'fresh' });
  assert.equal([...new Set(Object.values(built.statuses))].sort(), ['pass', 'success', 'warn']);
  assert.equal(among([...TABLES, ...SEEDS], changed(built, 'made')).length, TABLES.length + SEEDS.length);
  assert.not(built.transcript.some(({ kind }) => kind === 'copy'));
  follows('empty', built);
});

test.run();
