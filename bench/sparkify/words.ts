// The words that invented people, places, artists and songs are put together from. None of them is anyone's.
import type { Random } from './random.ts';

type Words = readonly [string, ...string[]];

const firstNames: Words = [
  ...(['Alva', 'Bram', 'Cilla', 'Dario', 'Edda', 'Fenja', 'Gideon', 'Hanne', 'Ilya', 'Jorun', 'Kasper', 'Liv', 'Mirek', 'Nuria'] as const),
  ...(['Odalys', 'Pelle', 'Quill', 'Runa', 'Sorrel', 'Tamsin', 'Ulf', 'Vesna', 'Wren', 'Xenia', 'Yorick', 'Zdenka'] as const),
  ...(['Zoë', 'Renée', 'Søren', "D'Arcy", 'Ana María', 'Jürgen', '陽菜'] as const),
];
const familyStarts: Words = [
  'Alder',
  'Birk',
  'Cobble',
  'Dun',
  'Elm',
  'Fair',
  'Grims',
  'Hazel',
  'Iver',
  'Kettle',
  'Lind',
  'Marsh',
  'Nettle',
  "O'Bran",
  'Peñas',
  'Quay',
];
const familyEnds: Words = ['by', 'croft', 'dal', 'fold', 'garth', 'holm', 'kirk', 'ley', 'more', 'ness', 'quist', 'sen', 'thorpe', 'wick'];

const placeStarts: Words = [
  'Amber',
  'Breaker',
  'Cinder',
  'Drift',
  'Ember',
  'Falcon',
  'Granite',
  'Harbor',
  'Juniper',
  'Lantern',
  'Mill',
  'Pine',
  'Quartz',
  'Saint Ivo',
];
const placeEnds: Words = ['brook', 'dale', 'ferry', 'ford', 'gate', ' Heights', ' Junction', 'mouth', 'port', ' Springs', 'ton', 'vale'];
const states: Words = ['AZ', 'CA', 'CO', 'FL', 'IL', 'MI', 'NY-NJ', 'OR', 'PA', 'TX', 'WA', 'WV-KY'];

const qualities: Words = [
  ...([
    'Quiet',
    'Electric',
    'Paper',
    'Velvet',
    'Broken',
    'Golden',
    'Borrowed',
    'Midnight',
    'Second',
    'Hollow',
    'Salt',
    'Northern',
  ] as const),
  ...(['Crooked', 'Seventh', 'Wooden', 'Distant', 'Copper', 'Blue', 'Lazy', 'Secret', "Winter's", "Nobody's", 'Café', 'Señor'] as const),
];
const things: Words = [
  ...([
    'Lighthouses',
    'Parade',
    'Orchard',
    'Machines',
    'Harbour',
    'Letters',
    'Satellites',
    'Foxes',
    'Avenue',
    'Kites',
    'Bakery',
    'Tides',
  ] as const),
  ...([
    'Telephone',
    'Mountain',
    'Carousel',
    'Engines',
    'Wolves',
    'Postcards',
    'Garden',
    'Trams',
    'Sparrows',
    'Élan',
    'Jäger',
    'Río',
  ] as const),
];
const deeds: Words = ['Dance', 'Walk', 'Wait', 'Run', 'Sing', 'Sleep', 'Fall', 'Drive', 'Write', 'Burn', "Don't Go", "Can't Stay"];
const spots: Words = [
  'in the Rain',
  'With You',
  'Until Morning',
  'Over the Hill',
  'Without a Map',
  'on Sunday',
  'Past the Gate',
  'at Half Speed',
  'for Nothing',
  'to the Sea',
];
/** Quotes, backslashes, slashes, control characters, scripts beyond Latin, a comma written as an underscore. */
const oddTitles: Words = [
  ...([
    'The "Other" Side',
    'Half "Past',
    'C:\\Music\\Lost',
    'And/Or',
    'AC\\DC Current',
    'Wait_ What',
    'Howl\u0019n Wind',
    '\'Til "Then"',
  ] as const),
  ...([
    'Sjömansvisa på jorden',
    'Ночной поезд',
    '夜の海',
    '🎧 On',
    'Naïve? (Ça va)',
    'Łódź_ Łódź',
    'Tab\tStop',
    '100% {{ real }}',
  ] as const),
];
const oddArtists: Words = [
  'Björn & Ægir',
  'Los Ñandúes',
  'Żółw',
  '月光楽団',
  'Hall \\ Oaten',
  'Weird "Gus\' Yarrow',
  'Up/Down',
  "Mary's 'Band'",
  'Ωmega 🎸',
  'Dr_ Umbra',
];

export const firstName = (random: Random): string => random.pick(firstNames);
export const lastName = (random: Random): string => random.pick(familyStarts) + random.pick(familyEnds);
export const place = (random: Random): string => random.pick(placeStarts) + random.pick(placeEnds);
/** The shape of a US metropolitan area: one place or two, then the states. */
export function area(random: Random): string {
  const places = Array.from({ length: 1 + random.int(2) }, () => place(random));
  return `${places.join('-')}, ${random.pick(states)}`;
}

export function artistName(random: Random): string {
  const form = random.next();
  if (form < 0.1) return random.pick(oddArtists);
  if (form < 0.45) return `The ${random.pick(qualities)} ${random.pick(things)}`;
  if (form < 0.7) return `${firstName(random)} ${lastName(random)}`;
  if (form < 0.9) return `${random.pick(qualities)} ${random.pick(things)}`;
  return `${firstName(random)} ${lastName(random)} & The ${random.pick(things)}`;
}

export function songTitle(random: Random): string {
  const form = random.next();
  if (form < 0.1) return random.pick(oddTitles);
  if (form < 0.4) return `${random.pick(qualities)} ${random.pick(things)}`;
  if (form < 0.75) return `${random.pick(deeds)} ${random.pick(spots)}`;
  if (form < 0.85) return `${random.pick(things)} (${random.pick(['Live', 'Demo', 'Radio Edit', 'Album Version'])})`;
  return `${random.pick(deeds)} the ${random.pick(qualities)} ${random.pick(things)}`;
}
