// The text of --select and --exclude → what it says, as a tree. A space is a union, a comma an intersection; a term is
// `[@][n+][method[.argument]:]value[+n]`. Whatever else may be said later (parentheses, not) is another case of Expression.
import { fail } from '../core/problem.ts';

export interface Term {
  readonly kind: 'term';
  /** As written. */
  readonly raw: string;
  readonly method: string;
  /** 'materialized' of 'config.materialized:table'. */
  readonly arguments: readonly string[];
  readonly value: string;
  /** '@': with all descendants, and all ancestors of those. */
  readonly childrensParents: boolean;
  /** How far up and down; undefined: not at all. */
  readonly parents: number | undefined;
  readonly children: number | undefined;
}

export type Expression =
  | Term
  | { readonly kind: 'all' }
  | { readonly kind: 'union' | 'intersection'; readonly parts: readonly Expression[] }
  /** The first without the second. */
  | { readonly kind: 'difference'; readonly from: Expression; readonly without: Expression }
  /** What a user wrote as one word: when it matches nothing, a warning says so. */
  | { readonly kind: 'word'; readonly raw: string; readonly of: Expression };

const termPattern = /^(@)?(?:(\d*)\+)?(?:([\w.]+):)?(.*?)(?:\+(\d*))?$/s;
const fileEnding = /\.(sql|py|csv|ya?ml)$/i;

const depth = (digits: string | undefined): number | undefined =>
  digits === undefined ? undefined : digits === '' ? Number.POSITIVE_INFINITY : Number(digits);

const defaultMethod = (value: string): string => (value.includes('/') ? 'path' : fileEnding.test(value) ? 'file' : 'fqn');

function parseTerm(raw: string): Term {
  const [, at, parents, written, value = '', children] = termPattern.exec(raw) ?? [];
  if (at !== undefined && children !== undefined)
    fail({
      code: 'selector-syntax',
      message: `'${raw}' has both @ and a + at its end, and @ already takes in everything downstream`,
      hint: `Write '${raw.slice(0, raw.lastIndexOf('+'))}'`,
    });
  if (value === '')
    fail({ code: 'selector-syntax', message: `'${raw}' names nothing`, hint: 'Write a name, a path or method:value, as in tag:nightly' });
  const [method = '', ...args] = (written ?? defaultMethod(value)).split('.');
  return {
    kind: 'term',
    raw,
    method,
    arguments: args,
    value,
    childrensParents: at !== undefined,
    parents: depth(parents),
    children: depth(children),
  };
}

function parseWord(raw: string): Expression {
  const parts = raw.split(',');
  if (parts.includes(''))
    fail({
      code: 'selector-syntax',
      message: `'${raw}' has a comma with nothing on one side`,
      hint: 'A comma takes what both sides have in common; for either of two, put a space between them',
    });
  const [first, ...rest] = parts.map(parseTerm);
  if (!first) return { kind: 'union', parts: [] };
  return { kind: 'word', raw, of: rest.length === 0 ? first : { kind: 'intersection', parts: [first, ...rest] } };
}

/** Each text as one -s argument. Throws DwhError. */
export function parseSelector(texts: readonly string[]): Expression {
  const words = texts.flatMap((text) => text.split(/\s+/)).filter((word) => word !== '');
  return { kind: 'union', parts: words.map(parseWord) };
}
