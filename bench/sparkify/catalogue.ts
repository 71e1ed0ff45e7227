// The song catalogue, one JSON object per song, and the recordings that listeners play: some are in the catalogue,
// some nearly (another duration, another artist, a blank more or less, garbled text), most are not.
import { escapedJson, garbled, rawJson } from './json-text.ts';
import type { Random } from './random.ts';
import { area, artistName, place, songTitle } from './words.ts';

export interface SongFile {
  /** Below song-data/: 'A/B/C/TRABC….json'. */
  readonly path: string;
  readonly text: string;
}

/** What the log says of a play. The texts are JSON already. */
export interface Recording {
  readonly artist: string;
  readonly song: string;
  readonly length: string;
  readonly ms: number;
}

export interface Library {
  readonly catalogued: readonly Recording[];
  readonly nearly: readonly Recording[];
  readonly unknown: readonly Recording[];
}

interface Artist {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly coordinates: readonly [number, number] | undefined;
}

interface Song {
  readonly song_id: string;
  readonly title: string | number;
  readonly artist: Artist;
  readonly artist_name: string | number;
  readonly location: string | number | null;
  readonly year: number;
  readonly duration: number;
}

/** Songs beyond this many are written, but never played: memory stays bounded. */
const playable = 50_000;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Writes `count` songs, one at a time, and returns what can be played. */
export function makeCatalogue(random: Random, count: number, write: (file: SongFile) => void): Library {
  const artists = Array.from({ length: Math.max(1, Math.min(playable, Math.ceil(count * 0.6))) }, (_, index) => makeArtist(random, index));
  const catalogued: Recording[] = [];
  const nearly: Recording[] = [];
  // Few songs lie in few folders, as in a copy of the first part of a bucket.
  const width = Math.min(letters.length, Math.ceil(Math.cbrt(count / 12)));
  let previous: Song | undefined;
  for (let index = 0; index < count; index++) {
    const song = makeSong(random, index, artists, previous);
    previous = song;
    write({ path: trackPath(random, index, width), text: songText(random, song) });
    if (catalogued.length >= playable) continue;
    catalogued.push(recording(random, String(song.artist_name), String(song.title), song.duration));
    if (random.chance(0.4)) nearly.push(nearMiss(random, song));
  }
  const unknown = Array.from({ length: Math.max(200, Math.min(playable, count * 2)) }, () =>
    recording(random, artistName(random), songTitle(random), duration(random)),
  );
  return { catalogued, nearly, unknown };
}

function makeArtist(random: Random, index: number): Artist {
  const coordinates = [Number((random.next() * 140 - 70).toFixed(5)), Number((random.next() * 360 - 180).toFixed(5))] as const;
  return {
    id: `AR${identifier(random, index)}`,
    name: artistName(random),
    location: random.chance(0.45) ? '' : random.chance(0.5) ? area(random) : place(random),
    coordinates: random.chance(0.35) ? coordinates : undefined,
  };
}

function makeSong(random: Random, index: number, artists: readonly Artist[], previous: Song | undefined): Song {
  const fresh = freshSong(random, index, artists);
  if (previous === undefined) return fresh;
  const form = random.next();
  // One recording under two ids: a play of it matches both.
  if (form < 0.04) return { ...previous, song_id: fresh.song_id, year: fresh.year };
  // One id in two files: a later edition.
  if (form < 0.055) return { ...previous, title: `${previous.title} (Remastered)`, year: Math.max(previous.year, 1990) + 1 };
  // The artist's next song, under a name and a place that differ a little.
  if (form < 0.2)
    return { ...fresh, artist: previous.artist, artist_name: nameVariant(random, previous.artist.name), location: area(random) };
  return fresh;
}

function freshSong(random: Random, index: number, artists: readonly Artist[]): Song {
  const artist = artists[random.popular(artists.length)] as Artist;
  const oddly = random.next();
  return {
    song_id: `SO${identifier(random, index)}`,
    // Some values are numbers where text is expected.
    title: oddly < 0.03 ? 1900 + random.int(120) : withBlanks(random, songTitle(random)),
    artist,
    artist_name: oddly > 0.97 ? 100 + random.int(900) : random.chance(0.9) ? artist.name : nameVariant(random, artist.name),
    location: oddly > 0.94 && oddly < 0.97 ? random.int(200) : oddly > 0.92 && oddly < 0.94 ? null : artist.location,
    year: random.chance(0.35) ? 0 : 1955 + random.int(64),
    duration: duration(random),
  };
}

const nameVariant = (random: Random, name: string): string =>
  random.pick([`${name} feat. ${artistName(random)}`, name.toUpperCase(), `${name} `, `${name} Trio`]);

const withBlanks = (random: Random, title: string): string =>
  random.chance(0.94) ? title : random.chance(0.5) ? `${title} ` : ` ${title}`;

const duration = (random: Random): number => Number((60 + random.wait(120) + random.next() * 90).toFixed(5));

const recording = (random: Random, artist: string, song: string, seconds: number): Recording => {
  const json = random.chance(0.8) ? escapedJson : rawJson;
  return { artist: json(artist), song: json(song), length: String(seconds), ms: Math.round(seconds * 1000) };
};

/** Like a song of the catalogue, yet no match. */
function nearMiss(random: Random, song: Song): Recording {
  const artist = String(song.artist_name);
  const title = String(song.title);
  const form = random.next();
  if (garbled(artist) !== artist && form < 0.5) return recording(random, garbled(artist), title, song.duration);
  if (form < 0.6) return recording(random, artist, title, duration(random));
  if (form < 0.8) return recording(random, artistName(random), title, song.duration);
  return recording(random, artist, title.trim() === title ? `${title} ` : title.trim(), song.duration);
}

function songText(random: Random, song: Song): string {
  const json = random.chance(0.8) ? escapedJson : rawJson;
  const text = (value: string | number | null): string => (typeof value === 'string' ? json(value) : String(value));
  const [latitude, longitude] = song.artist.coordinates ?? [null, null];
  return (
    `{"artist_id":"${song.artist.id}","artist_latitude":${latitude},"artist_location":${text(song.location)},` +
    `"artist_longitude":${longitude},"artist_name":${text(song.artist_name)},"duration":${song.duration},"num_songs":1,` +
    `"song_id":"${song.song_id}","title":${text(song.title)},"year":${song.year}}${random.chance(0.3) ? '\n' : ''}`
  );
}

const letter = (random: Random, width = letters.length): string => letters.charAt(random.int(width));

/** 16 characters; the last seven count, so no two are equal. */
const identifier = (random: Random, index: number): string =>
  `${Array.from({ length: 6 }, () => letter(random)).join('')}12A${index.toString(16).toUpperCase().padStart(7, '0')}`;

function trackPath(random: Random, index: number, width: number): string {
  const folders = [letter(random, width), letter(random, width), letter(random, width)];
  return `${folders.join('/')}/TR${folders.join('')}${letter(random)}${letter(random)}128F${index.toString(16).toUpperCase().padStart(7, '0')}.json`;
}
