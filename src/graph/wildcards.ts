// Patterns as Python's fnmatch and pathlib's glob read them: * ? [abc] [!abc], and ** for any number of folders.

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
/** Inside a class a '-' has a meaning too; outside of one it may not be escaped. */
const escapedMember = (text: string): string => escaped(text).replace('-', '\\-');

/** A class '[…]' whose inside is `text`; ranges that run backwards hold nothing. */
function characterClass(text: string, none: string, any: string): string {
  const negated = text.startsWith('!');
  const letters = [...(negated ? text.slice(1) : text)];
  const parts: string[] = [];
  for (let index = 0; index < letters.length; index++) {
    const [from = '', dash, to] = letters.slice(index, index + 3);
    if (dash === '-' && to !== undefined) {
      if (from <= to) parts.push(`${escapedMember(from)}-${escapedMember(to)}`);
      index += 2;
    } else parts.push(escapedMember(from));
  }
  if (parts.length === 0) return negated ? any : none;
  return `[${negated ? '^' : ''}${parts.join('')}]`;
}

/** The regular expression of a pattern; `any`: what one character may be. */
function translated(pattern: string, any: string): string {
  const letters = [...pattern];
  let out = '';
  for (let index = 0; index < letters.length; index++) {
    const letter = letters[index] ?? '';
    if (letter === '*') out += `${any}*`;
    else if (letter === '?') out += any;
    else if (letter !== '[') out += escaped(letter);
    else {
      // A ']' that comes first, also behind '!', is a member.
      const first = index + (letters[index + 1] === '!' ? 2 : 1);
      const end = letters.indexOf(']', first + 1);
      if (end === -1) out += '\\[';
      else {
        out += characterClass(letters.slice(index + 1, end).join(''), '(?!)', any);
        index = end;
      }
    }
  }
  return out;
}

export const hasWildcard = (text: string): boolean => /[*?[\]]/.test(text);

/** Does a whole text fit the pattern? Case counts. */
export function textMatcher(pattern: string): (text: string) => boolean {
  if (!hasWildcard(pattern)) return (text) => text === pattern;
  const expression = new RegExp(`^${translated(pattern, '.')}$`, 'su');
  return (text) => expression.test(text);
}

export interface PathMatcher {
  /** The path itself fits. */
  readonly exact: (path: string) => boolean;
  /** The path or a folder above it fits. */
  readonly within: (path: string) => boolean;
}

/** Paths have forward slashes and no './' in front; the pattern may have one, and a slash at its end. */
export function pathMatcher(pattern: string): PathMatcher {
  const segments = pattern.split('/').filter((segment) => segment !== '' && segment !== '.');
  // '**' at the end: the folders from there on, so all that lies below.
  while (segments.at(-1) === '**') segments.pop();
  const body = segments
    .map((segment, index) => (segment === '**' ? '(?:[^/]+/)*' : translated(segment, '[^/]') + (index === segments.length - 1 ? '' : '/')))
    .join('');
  const exact = new RegExp(`^${body}$`, 'su');
  const within = new RegExp(segments.length === 0 ? '' : `^${body}(?:/|$)`, 'su');
  return { exact: (path) => exact.test(path), within: (path) => within.test(path) };
}
