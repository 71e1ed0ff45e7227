// Text as JSON in two spellings that loaders must read alike: with escapes for `/` and beyond ASCII, or raw.

/** As many log writers spell it: `\/`, and `\uXXXX` for all beyond ASCII. */
export const escapedJson = (text: string): string =>
  JSON.stringify(text)
    .replaceAll('/', '\\/')
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Raw UTF-8; only what JSON demands is escaped. */
export const rawJson = (text: string): string => JSON.stringify(text);

/** Text whose UTF-8 bytes were taken for Latin-1, twice: what a careless exporter makes of it. */
export const garbled = (text: string): string => asLatin1(asLatin1(text));
const asLatin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
