// The real data that may lie in ../shared, and the answers to questions about it: what the project's tests on every warehouse
// share.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { shared } from '../support/shared.ts';

const data = shared('data') ?? '';

/** The folder of the answers in data/golden, and the folder of the songs in data/sparkify. */
export const songSets = [
  ['s3', 'song-data'],
  ['classic71', 'classic71/song-data'],
] as const;

/** Each golden question as a question about the rows of the project's analysis, which may have more rows or other columns. */
export const analyses: Readonly<Record<string, readonly [analysis: string, sql: string]>> = {
  q01_row_counts: ['row_counts', 'select table_name, row_count from answer'],
  q02_top_songs_log: ['most_played_songs', 'select title, artist_name, plays, place from answer'],
  q03_top_songs_star: ['most_played_catalogue_songs', 'select song_id, title, artist_name, plays, place from answer where place <= 3'],
  q05_peak_hour: ['busiest_hour', 'select hour, plays from answer'],
  q09_plays_by_level: ['plays_by_level', 'select level, plays, users, sessions from answer'],
  q11_plays_by_day: ['plays_by_day', 'select year, month, day, plays from answer'],
  q14_sessions_per_user: ['sessions_per_user', 'select users, sessions, plays, sessions_per_user, plays_per_session from answer'],
  q16_top_artists_star: ['most_played_artists', 'select artist_id, name, plays, place from answer where place <= 3'],
  q19_match_rate: ['match_rate', 'select plays, matched, unmatched, matched_percent from answer'],
  q20_orphans: ['keys_without_dimension', 'select key_name, orphans from answer'],
  q27_dim_users: ['users', 'select user_id, first_name, last_name, gender, level from answer'],
};
/** The analyses answer with two decimals where the golden ones have four. */
export const twoDecimals = (value: string): string => (/^-?\d+\.\d+$/.test(value) ? Number(value).toFixed(2) : value);

export const sorted = (rows: readonly (readonly (string | number | null)[])[]): readonly string[] =>
  rows.map((row) => JSON.stringify(row.map((value) => String(value ?? '')))).sort();
/** Without the header; an empty value is NULL. */
const csvRows = (file: string): readonly (readonly string[])[] => parse(readFileSync(file)).slice(1);

/** The vars that name the data, with one of the song sets. */
export function varsOf(songFolder: string): Readonly<Record<'log_data' | 'log_jsonpath' | 'song_data', string>> {
  const bucket = join(data, 'sparkify');
  return { log_data: join(bucket, 'log-data'), log_jsonpath: join(bucket, 'log_json_path.json'), song_data: join(bucket, songFolder) };
}

export const goldenQuestions = (): readonly string[] => readdirSync(join(data, 'golden', 'sql')).map((file) => file.replace('.sql', ''));
export const questionSql = (question: string): string => readFileSync(join(data, 'golden', 'sql', `${question}.sql`), 'utf8');
export const goldenRows = (set: string, question: string): readonly (readonly string[])[] =>
  csvRows(join(data, 'golden', set, `${question}.csv`));
