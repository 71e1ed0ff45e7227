// The generator: the same options give the same bytes, and the data has the awkwardness that loaders and models must bear.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type GenerateOptions, generateSparkify } from '../../bench/generate-sparkify.ts';
import { repoRoot } from '../support/shared.ts';
import { tempDir } from '../support/temp-dir.ts';

const test = suite('sparkify: the generator');
const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .sort();
const digest = (folder: string): string => {
  const hash = createHash('sha256');
  for (const file of files(folder))
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(folder, file)));
  return hash.digest('hex');
};
const make = (options: Omit<GenerateOptions, 'out'>): { folder: string; made: ReturnType<typeof generateSparkify> } => {
  const folder = tempDir();
  return { folder, made: generateSparkify({ out: folder, ...options }) };
};
interface Event {
  readonly [key: string]: unknown;
  readonly page: string;
  readonly auth: string;
  readonly level: string;
  readonly userId: string;
  readonly ts: number;
}

const { folder, made } = make({ events: 12_000, songs: 400, users: 120, seed: 5 });
const logs = files(join(folder, 'log-data'));
const logTexts = logs.map((file) => readFileSync(join(folder, 'log-data', file), 'utf8'));
const lines = logTexts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
const events = lines.map((line) => JSON.parse(line) as Event);
const plays = events.filter(({ page }) => page === 'NextSong');
const songTexts = files(join(folder, 'song-data')).map((file) => readFileSync(join(folder, 'song-data', file), 'utf8'));
const songs = songTexts.map((text) => JSON.parse(text) as Record<string, unknown>);

test('the same seed gives the same bytes, another seed others', () => {
  const options = { events: 500, songs: 40 };
  assert.is(digest(make({ ...options, seed: 3 }).folder), digest(make({ ...options, seed: 3 }).folder));
  assert.is.not(digest(make({ ...options, seed: 3 }).folder), digest(make({ ...options, seed: 4 }).folder));
});

test('it makes as many events and songs as asked, and says so', () => {
  assert.is(events.length, 12_000);
  assert.is(songs.length, 400);
  assert.equal(made, { events: 12_000, plays: plays.length, songs: 400, users: 120, logFiles: logs.length, rejects: 0 });
  assert.is(make({ events: 0, songs: 0 }).made.events, 0);
});

test('each log file holds its own UTC day, in order of time', () => {
  for (const [index, file] of logs.entries()) {
    assert.match(file, /^\d{4}\/\d\d\/(\d{4})-\d\d-\d\d-events\.json$/);
    const days = (logTexts[index] ?? '').split('\n').filter((line) => line !== '');
    for (const line of days) assert.is(new Date((JSON.parse(line) as Event).ts).toISOString().slice(0, 10), file.slice(8, 18));
  }
  assert.ok(events.every((event, index) => index === 0 || event.ts >= (events[index - 1]?.ts ?? 0)));
  assert.ok(logTexts.some((text) => text.endsWith('\n')) && logTexts.some((text) => !text.endsWith('\n')));
});

test('events have the 18 keys that the jsonpaths file names', () => {
  const { jsonpaths } = JSON.parse(readFileSync(join(folder, 'log_json_path.json'), 'utf8')) as { jsonpaths: string[] };
  for (const event of events)
    assert.equal(
      Object.keys(event)
        .map((key) => `$['${key}']`)
        .sort(),
      [...jsonpaths].sort(),
    );
});

test('song files lie where their track ids say, one song each', () => {
  for (const file of files(join(folder, 'song-data'))) assert.match(file, /^([A-Z])\/([A-Z])\/([A-Z])\/TR\1\2\3[A-Z0-9]+\.json$/);
  assert.ok(songTexts.some((text) => text.endsWith('\n')) && songTexts.some((text) => !text.endsWith('\n')));
});

test('people come and go, upgrade and downgrade, and log out', () => {
  const pages = new Set(events.map(({ page }) => page));
  for (const page of ['NextSong', 'Home', 'Login', 'Logout', 'Upgrade', 'Submit Upgrade', 'Downgrade', 'Submit Downgrade', 'Error', 'Help'])
    assert.ok(pages.has(page), page);
  const levels = new Map<string, Set<string>>();
  for (const { userId, level } of plays) levels.set(userId, (levels.get(userId) ?? new Set()).add(level));
  assert.ok([...levels.values()].some((seen) => seen.size === 2));
  const loggedOut = events.filter(({ auth }) => auth === 'Logged Out');
  assert.ok(loggedOut.length > 0);
  for (const event of loggedOut) assert.equal([event.userId, event.firstName, event.location, event.registration], ['', null, null, null]);
});

test('some plays match the catalogue, some nearly, most not', () => {
  const matches = (song: Record<string, unknown>, play: Event): boolean =>
    String(song.title) === play.song && String(song.artist_name) === play.artist;
  const catalogue = new Map(songs.map((song) => [`${song.title}\0${song.artist_name}`, song]));
  const found = plays.map((play) => ({ play, song: catalogue.get(`${play.song}\0${play.artist}`) }));
  const exact = found.filter(({ play, song }) => song && matches(song, play) && song.duration === play.length).length;
  assert.ok(exact > plays.length * 0.2 && exact < plays.length * 0.6, `${exact} of ${plays.length}`);
  assert.ok(found.some(({ play, song }) => song && song.duration !== play.length));
  assert.ok(plays.some((play) => songs.some((song) => song.title === play.song && song.artist_name !== play.artist)));
});

test('exact duplicates, and two plays at one instant by one person and by two', () => {
  assert.ok(new Set(lines).size < lines.length);
  const distinct = [...new Set(lines)].map((line) => JSON.parse(line) as Event).filter(({ page }) => page === 'NextSong');
  const pairs = distinct.flatMap((play, index) => {
    const next = distinct[index + 1];
    return next?.ts === play.ts ? [play.userId === next.userId] : [];
  });
  assert.ok(pairs.includes(true) && pairs.includes(false));
  assert.ok(new Set(plays.map(({ ts }) => ts % 1000)).size > 500, 'instants end in all sorts of milliseconds');
});

test('text has escapes and raw characters beyond ASCII, quotes, backslashes and blanks at its ends', () => {
  const log = logTexts.join('\n');
  for (const awkward of ['\\/', '\\"', '\\\\', '\\u00', '\\ud83c', "'", '\\t']) assert.ok(log.includes(awkward), awkward);
  assert.match(log, /[\u00c0-\uffff]/);
  assert.ok(plays.some(({ song }) => String(song) !== String(song).trim()));
  assert.ok(
    plays.some(({ artist }) => String(artist).includes('\u00c3')),
    'garbled text',
  );
});

test('the catalogue contradicts itself as catalogues do', () => {
  const grouped = (key: string): Record<string, unknown>[][] => {
    const groups = new Map<unknown, Record<string, unknown>[]>();
    for (const song of songs) groups.set(song[key], [...(groups.get(song[key]) ?? []), song]);
    return [...groups.values()];
  };
  const differ = (group: readonly Record<string, unknown>[], key: string): boolean => new Set(group.map((song) => song[key])).size > 1;
  assert.ok(grouped('artist_id').some((group) => differ(group, 'artist_name') && differ(group, 'artist_location')));
  assert.ok(grouped('song_id').some((group) => differ(group, 'year')));
  assert.ok(grouped('title').some((group) => differ(group, 'song_id') && !differ(group, 'duration')));
  for (const key of ['artist_name', 'title', 'artist_location'])
    assert.ok(
      songs.some((song) => typeof song[key] === 'number'),
      key,
    );
  assert.ok(songs.some(({ year }) => year === 0));
  assert.ok(songs.some(({ artist_latitude }) => artist_latitude === null) && songs.some(({ artist_latitude }) => artist_latitude !== null));
});

test('--rejects adds bad lines on top of the good ones, and counts them', () => {
  const bad = make({ events: 3000, songs: 10, seed: 2, rejects: true });
  const all = files(join(bad.folder, 'log-data')).flatMap((file) => readFileSync(join(bad.folder, 'log-data', file), 'latin1').split('\n'));
  assert.ok(bad.made.rejects > 10);
  assert.is(all.filter((line) => line !== '').length, 3000 + bad.made.rejects);
});

const script = join(repoRoot, 'bench', 'generate-sparkify.ts');
const command = (...args: string[]): string[] => ['--import', 'tsx', script, ...args];

test('the command prints what it made', () => {
  const out = execFileSync(process.execPath, command('--out', tempDir(), '--events', '100', '--songs', '5'), {
    cwd: repoRoot,
    encoding: 'utf8',
  });
  assert.is(JSON.parse(out).events, 100);
});

test('the command refuses a folder in use and bad numbers, with exit status 2', () => {
  const refused = spawnSync(process.execPath, command('--out', folder, '--events', '1'), { cwd: repoRoot, encoding: 'utf8' });
  assert.is(refused.status, 2);
  assert.match(refused.stderr, /exists: give another --out, or --replace/);
  const wrong = spawnSync(process.execPath, command('--out', tempDir(), '--events', 'many'), { cwd: repoRoot, encoding: 'utf8' });
  assert.is(wrong.status, 2);
  assert.match(wrong.stderr, /--events must be a whole number from 0 up, not 'many'/);
});

test.run();
