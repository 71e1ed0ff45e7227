// The analytics team's questions answered without SQL: Sparkify's rules in plain TypeScript over the raw JSON of a bucket.
// A folder in; the rows of each question out, as the SQL's CSV has them: a header, then text, NULL as ''.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Row = readonly (string | number | null)[];
export interface Answer {
  readonly header: readonly string[];
  readonly rows: readonly Row[];
}

/** What JSON.parse gives; a value may be anything, so texts are made with `text`. */
type Json = Readonly<Record<string, unknown>>;
const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));

interface Play {
  readonly ts: number;
  readonly user: number;
  readonly event: Json;
  readonly song_id: string | null;
  readonly artist_id: string | null;
}

export function plainAnswers(bucket: string): Record<string, Answer> {
  const lines = jsonFiles(join(bucket, 'log-data')).flatMap((file) => file.split('\n').filter((line) => line !== ''));
  const events = lines.map((line) => JSON.parse(line) as Json);
  const songs = jsonFiles(join(bucket, 'song-data')).map((file) => JSON.parse(file) as Json);
  const plays = playsOf(events, songs);
  const songRows = best(songs, 'song_id', (left, right) => number(right.year) - number(left.year));
  const artistRows = best(
    songs,
    'artist_id',
    (left, right) => number(right.year) - number(left.year) || bytes(text(left.song_id), text(right.song_id)),
  );
  const users = usersOf(plays);
  const name = (artist: string | null): string | null => text(artistRows.get(artist ?? '')?.artist_name);
  const instants = new Set(plays.map(({ ts }) => ts));

  const known = plays.filter(({ song_id }) => song_id !== null);
  const bySong = ranked(
    tally(known, ({ song_id }) => [song_id]),
    5,
  );
  const byArtist = ranked(
    tally(known, ({ artist_id }) => [artist_id]),
    5,
  );
  const artistOf = new Map(known.map(({ song_id, artist_id }) => [song_id, artist_id]));
  const users_count = users.length;
  const sessions = new Set(plays.map(({ event }) => event.sessionId)).size;
  return {
    row_counts: {
      header: ['table_name', 'row_count'],
      rows: [
        ['dim_artists', artistRows.size],
        ['dim_songs', songRows.size],
        ['dim_time', instants.size],
        ['dim_users', users_count],
        ['fact_songplays', plays.length],
        ['staging_events', events.length],
        ['staging_songs', songs.length],
      ],
    },
    most_played_songs: {
      header: ['place', 'title', 'artist_name', 'plays'],
      rows: ranked(
        tally(plays, ({ event }) => [text(event.song), text(event.artist)]),
        10,
      ),
    },
    most_played_catalogue_songs: {
      header: ['place', 'song_id', 'title', 'artist_name', 'plays'],
      rows: bySong.map(([place = null, id = null, count = null]) => [
        place,
        id,
        text(songRows.get(String(id))?.title),
        name(artistOf.get(text(id)) ?? null),
        count,
      ]),
    },
    most_played_artists: {
      header: ['place', 'artist_id', 'name', 'plays'],
      rows: byArtist.map(([place = null, id = null, count = null]) => [place, id, name(text(id)), count]),
    },
    busiest_hour: {
      header: ['hour', 'plays'],
      rows: ranked(
        tally(plays, ({ ts }) => [new Date(ts).getUTCHours()]),
        1,
      ).map((row) => row.slice(1)),
    },
    plays_by_level: {
      header: ['level', 'plays', 'users', 'sessions'],
      rows: tally(plays, ({ event }) => [text(event.level)]).map(([level = null, count = null]) => {
        const here = plays.filter(({ event }) => text(event.level) === level);
        return [level, count, new Set(here.map(({ user }) => user)).size, new Set(here.map(({ event }) => event.sessionId)).size];
      }),
    },
    plays_by_day: {
      header: ['year', 'month', 'day', 'plays'],
      rows: tally(plays, ({ ts }) => {
        const at = new Date(ts);
        return [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
      }),
    },
    plays_by_weekday: {
      header: ['weekday', 'name', 'plays'],
      rows: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'].map((day, index) => [
        index,
        day,
        plays.filter(({ ts }) => new Date(ts).getUTCDay() === index).length,
      ]),
    },
    users_by_level: {
      header: ['level', 'description', 'users'],
      rows: tally(users, ({ event }) => [text(event.level)]).map(([level = null, count = null]) => [
        level,
        level === 'free' ? 'No fee, with advertisements' : 'Monthly fee, no advertisements',
        count,
      ]),
    },
    sessions_per_user: {
      header: ['users', 'sessions', 'plays', 'sessions_per_user', 'plays_per_session'],
      rows: [[users_count, sessions, plays.length, (sessions / users_count).toFixed(2), (plays.length / sessions).toFixed(2)]],
    },
    match_rate: {
      header: ['plays', 'matched', 'unmatched', 'matched_percent'],
      rows: [[plays.length, known.length, plays.length - known.length, ((100 * known.length) / plays.length).toFixed(2)]],
    },
    users: {
      header: ['user_id', 'first_name', 'last_name', 'gender', 'level'],
      rows: users.map(({ user, event }) => [user, text(event.firstName), text(event.lastName), text(event.gender), text(event.level)]),
    },
    keys_without_dimension: {
      header: ['key_name', 'orphans'],
      rows: ['artist_id', 'song_id', 'start_time', 'user_id'].map((key) => [key, 0]),
    },
  };
}

function jsonFiles(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  return names.sort().map((file) => readFileSync(join(folder, file), 'utf8'));
}

/** Each distinct event that is a play, with the smallest song_id of the songs it matches. */
function playsOf(events: readonly Json[], songs: readonly Json[]): Play[] {
  const distinct = [...new Map(events.map((event) => [JSON.stringify(Object.entries(event).sort()), event])).values()];
  return distinct.flatMap((event) => {
    if (event.page !== 'NextSong' || event.ts === null || (text(event.userId) ?? '') === '') return [];
    const matches = songs.filter(
      (song) => event.length === song.duration && text(event.song) === text(song.title) && text(event.artist) === text(song.artist_name),
    );
    const match = matches.sort((left, right) => bytes(text(left.song_id), text(right.song_id)))[0];
    return [{ ts: number(event.ts), user: number(event.userId), event, song_id: text(match?.song_id), artist_id: text(match?.artist_id) }];
  });
}

/** The latest play of each user, by ts and then itemInSession. */
function usersOf(plays: readonly Play[]): Play[] {
  const latest = new Map<number, Play>();
  for (const play of plays) {
    const other = latest.get(play.user);
    const newer = other === undefined || play.ts - other.ts || number(play.event.itemInSession) - number(other.event.itemInSession);
    if (newer === true || Number(newer) > 0) latest.set(play.user, play);
  }
  return [...latest.values()].sort((left, right) => left.user - right.user);
}

/** For each key the song that sorts first; songs that tie are taken to be alike. */
function best(songs: readonly Json[], key: string, order: (left: Json, right: Json) => number): Map<string, Json> {
  const found = new Map<string, Json>();
  for (const song of [...songs].sort(order)) {
    const id = text(song[key]);
    if (id !== null && !found.has(id)) found.set(id, song);
  }
  return found;
}

/** Rows of the key's parts and how often they came, in order of the key. */
function tally<T>(items: readonly T[], key: (item: T) => Row): Row[] {
  const counts = new Map<string, { parts: Row; count: number }>();
  for (const item of items) {
    const parts = key(item);
    const seen = counts.get(JSON.stringify(parts));
    if (seen) seen.count++;
    else counts.set(JSON.stringify(parts), { parts, count: 1 });
  }
  return [...counts.values()].sort((left, right) => compareRows(left.parts, right.parts)).map(({ parts, count }) => [...parts, count]);
}

/** Of rows that end in a count, those with the highest, each behind its place; equal counts share a place. */
function ranked(rows: readonly Row[], places: number): Row[] {
  const count = (row: Row): number => number(row.at(-1));
  return rows
    .map((row): Row => [1 + rows.filter((other) => count(other) > count(row)).length, ...row])
    .filter(([place]) => number(place) <= places)
    .sort((left, right) => number(left[0]) - number(right[0]));
}

const number = (value: unknown): number => Number(value);
const bytes = (left: string | null, right: string | null): number => Buffer.compare(Buffer.from(left ?? ''), Buffer.from(right ?? ''));
const compareRows = (left: Row, right: Row): number => {
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? null;
    const order = typeof value === 'number' && typeof other === 'number' ? value - other : bytes(text(value), text(other));
    if (order !== 0) return order;
  }
  return 0;
};
