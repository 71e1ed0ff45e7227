// `{{ run_started_at.strftime('%Y') }}` prints another text in every run, and parsing is not about the text: what a node
// refers to and how it is configured stay the same. This tells where that is certain. Never of `flags`: should_full_refresh()
// asks it without naming it.

const JINJA = /\{\{([\s\S]*?)\}\}|\{%([\s\S]*?)%\}|\{#[\s\S]*?#\}/g;
/** Blocks whose output becomes a value. */
const CAPTURES = /^[-+]?\s*(?:set\s+[^=]*$|call\b|filter\b|macro\b|raw\b)/;
const WORDS = new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else', 'none', 'None', 'true', 'True', 'false', 'False', 'defined']);

/** The text uses the name only to print it: in expressions that call nothing but methods of names in `changing`. */
export function printsOnly(text: string, name: string, changing: ReadonlySet<string>): boolean {
  if (name === 'flags') return false;
  const word = new RegExp(`\\b${name}\\b`, 'g');
  const count = (part: string): number => part.match(word)?.length ?? 0;
  let printed = 0;
  for (const [, expression, statement] of text.matchAll(JINJA)) {
    if (statement !== undefined && CAPTURES.test(statement)) return count(text) === 0;
    if (expression !== undefined && callsNothingElse(expression, changing)) printed += count(expression);
  }
  return printed === count(text);
}

function callsNothingElse(expression: string, changing: ReadonlySet<string>): boolean {
  const bare = expression.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
  for (const match of bare.matchAll(/[A-Za-z_]\w*/g)) {
    const before = bare.slice(0, match.index).trimEnd();
    const after = bare.slice(match.index + match[0].length).trimStart();
    const isMember = before.endsWith('.') || before.endsWith('|');
    const isKeyword = after.startsWith('=') && !after.startsWith('==');
    if (!isMember && !isKeyword && !WORDS.has(match[0]) && !changing.has(match[0])) return false;
  }
  return true;
}
