// The codes of all problems that source text can make: what stands behind `code:`, and what is handed to a function that has a
// parameter `code`.
import { codeOnly } from '../support/source-code.ts';

export interface Source {
  readonly file: string;
  readonly text: string;
}

export interface Found {
  /** Code to the places, 'src/a.ts:3', that make it. */
  readonly codes: ReadonlyMap<string, readonly string[]>;
  /** What stands behind `code:` and is no literal: 'src/a.ts:3: planned.verb'. */
  readonly others: readonly string[];
}

export function problemCodes(sources: readonly Source[]): Found {
  const codes = new Map<string, string[]>();
  const others: string[] = [];
  const blanked = sources.map((source) => ({ ...source, code: codeOnly(source.text) }));
  const takers = new Map(blanked.flatMap(({ code }) => takersIn(code)));
  for (const { file, text, code } of blanked) {
    const place = (at: number): string => `${file}:${text.slice(0, at).split('\n').length}`;
    const add = (from: number, to: number): boolean => {
      const named = /^\s*([A-Z][A-Z_]+)\s*$/.exec(code.slice(from, to))?.[1];
      const written = named === undefined ? text.slice(from, to) : (new RegExp(`\\bconst ${named} = ('[^']*')`).exec(text)?.[1] ?? '');
      // Before a question mark stands what decides.
      const literals = [...written.replace(/^.*?\?/s, '').matchAll(/'([^']*)'/g)].map(([, literal = '']) => literal);
      for (const literal of literals) if (isCode(literal)) codes.set(literal, [...(codes.get(literal) ?? []), place(from)]);
      return literals.length > 0;
    };
    for (const { index, 0: found } of code.matchAll(/\bcode:/g)) {
      const from = index + found.length;
      const to = endOfExpression(code, from);
      if (!add(from, to)) others.push(`${place(from)}: ${text.slice(from, to).trim()}`);
    }
    for (const { index, 0: found, 1: name = '' } of code.matchAll(/\b(\w+)\(/g)) {
      let from = index + found.length;
      for (let skip = takers.get(name) ?? -1; skip >= 0; skip--) {
        const to = endOfExpression(code, from);
        if (skip === 0) add(from, to);
        from = to + 1;
      }
    }
  }
  return { codes, others };
}

/** Nodes' statuses, SQLSTATEs and dbt's codes of events are spelt otherwise. */
const isCode = (text: string): boolean => /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(text);

/** Functions with a parameter `code`, and which one it is. */
const takersIn = (code: string): (readonly [name: string, position: number])[] =>
  [...code.matchAll(/\b(\w+)(?: =)? ?\(([^()]*)\bcode: string\b/g)].map(([, name = '', before = '']) => [
    name,
    before.split(',').length - 1,
  ]);

/** Where the expression ends that begins at `from`; `code` has no literals. */
function endOfExpression(code: string, from: number): number {
  let depth = 0;
  for (let at = from; at < code.length; at++) {
    const char = code[at] ?? '';
    if (depth === 0 && /[,;)}\]]/.test(char)) return at;
    if (/[([{]/.test(char)) depth++;
    if (/[)\]}]/.test(char)) depth--;
  }
  return code.length;
}
