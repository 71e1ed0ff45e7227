// How a secret may be written where it comes to light: as it is, quoted in SQL, JSON, Python or HTML, in a URL, in base64, or
// one line of it alone.

/** Fewer characters of base64 come about by chance. */
const SHORTEST_BASE64 = 8;

/** All that stands for the secret, each of at least `shortest` characters. */
export function spellings(secret: string, shortest: number): readonly string[] {
  const whole = [secret, secret.trim()];
  // A key of several lines is shown line by line in an excerpt of a file, and with other ends of lines.
  const lines = secret.includes('\n') ? [...secret.split(/\r?\n/).map((line) => line.trim()), secret.replaceAll(/\r?\n/g, '\r\n')] : [];
  const texts = [...whole, ...lines].flatMap((text) => [...escaped(text), ...encodedForUrl(text), ...inBase64(text)]);
  return [...new Set(texts)].filter((text) => text.length >= shortest);
}

function escaped(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replaceAll(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const backslashed = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  const html = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&#34;')
    .replaceAll("'", '&#39;');
  const all = [
    text,
    text.replaceAll('"', '""'),
    json,
    ascii,
    // JSON in JSON.
    JSON.stringify(json).slice(1, -1),
    backslashed,
    backslashed.replaceAll("'", "\\'"),
    html,
    html.replaceAll('&#34;', '&quot;').replaceAll('&#39;', '&apos;'),
  ];
  // Any of them may stand in a literal of SQL.
  return [...all, ...all.map((one) => one.replaceAll("'", "''"))];
}

function encodedForUrl(text: string): readonly string[] {
  // A half of a surrogate pair has no bytes: it is one of these.
  const encoded = encodeURIComponent(Buffer.from(text).toString());
  const strict = encoded.replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const lower = (url: string): string => url.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  return [encoded, strict, form].flatMap((url) => [url, lower(url), url.replaceAll('%20', '+')]);
}

/** Also in the midst of other text: what its characters are depends on how many bytes stand before it. */
function inBase64(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const found = [bytes.toString('base64')];
  for (const before of [0, 1, 2]) {
    const all = Buffer.concat([Buffer.alloc(before), bytes]);
    found.push(all.toString('base64').slice(Math.ceil((before * 4) / 3), Math.floor((all.length * 4) / 3)));
  }
  return found
    .flatMap((one) => [one, one.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')])
    .filter((one) => one.length >= SHORTEST_BASE64);
}
