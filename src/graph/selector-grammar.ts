// The text of --select and --exclude → what it says, as a tree. A space is a union, a comma an intersection; a term is
// `[@][n+][method[.argument]:]value[+n]`: this is dbt's. dwh's own: parentheses, which take the same operators as a term, and
// `!`, all but what follows.
import { fail } from '../core/problem.ts';
import type { IndirectSelection } from '../core/request.ts';

/** How far up and down from what is found. */
export interface Hops {
  /** '@': with all descendants, and all ancestors of those. */
  readonly childrensParents: boolean;
  /** In steps; undefined: not at all. */
  readonly parents: number | undefined;
  readonly children: number | undefined;
}

export interface Term extends Hops {
  readonly kind: 'term';
  /** As written. */
  readonly raw: string;
  readonly method: string;
  /** 'materialized' of 'config.materialized:table'. */
  readonly arguments: readonly string[];
  readonly value: string;
  /** Its own, of selectors.yml; undefined: as the command says. */
  readonly indirect?: IndirectSelection;
}

export type Expression =
  | Term
  | { readonly kind: 'all' }
  /** What is found in parentheses, and what lies around it. */
  | { readonly kind: 'around'; readonly of: Expression; readonly hops: Hops }
  /** `indirect`: how tests that waited for other parts come in; undefined: as the command says. */
  | { readonly kind: 'union' | 'intersection'; readonly parts: readonly Expression[]; readonly indirect?: IndirectSelection }
  /** The first without the second. */
  | { readonly kind: 'difference'; readonly from: Expression; readonly without: Expression }
  /** What a user wrote as one word: when it matches nothing, a warning says so. */
  | { readonly kind: 'word'; readonly raw: string; readonly of: Expression };

const termPattern = /^(@)?(?:(\d*)\+)?(?:([\w.]+):)?(.*?)(?:\+(\d*))?$/s;
const fileEnding = /\.(sql|py|csv|ya?ml)$/i;

const depth = (digits: string | undefined): number | undefined =>
  digits === undefined ? undefined : digits === '' ? Number.POSITIVE_INFINITY : Number(digits);

const defaultMethod = (value: string): string => (value.includes('/') ? 'path' : fileEnding.test(value) ? 'file' : 'fqn');

const syntax = (message: string, hint: string): never => fail({ code: 'selector-syntax', message, hint });

function hopsOf(raw: string, at: string | undefined, parents: string | undefined, children: string | undefined): Hops {
  if (at !== undefined && children !== undefined)
    syntax(`'${raw}' has both @ and a + at its end, and @ already takes in everything downstream`, `Write '${raw.replace(/\+\d*$/, '')}'`);
  return { childrensParents: at !== undefined, parents: depth(parents), children: depth(children) };
}

export function parseTerm(raw: string): Term {
  const [, at, parents, written, value = '', children] = termPattern.exec(raw) ?? [];
  const hops = hopsOf(raw, at, parents, children);
  if (value === '') syntax(`'${raw}' names nothing`, 'Write a name, a path or method:value, as in tag:nightly');
  const [method = '', ...args] = (written ?? defaultMethod(value)).split('.');
  return { kind: 'term', raw, method, arguments: args, value, ...hops };
}

const groupStart = /(@)?(?:(\d*)\+)?\(/y;
const groupEnd = /\)(?:\+(\d*))?/y;

/** Each text as one -s argument. Throws DwhError. */
export function parseSelector(texts: readonly string[]): Expression {
  const text = texts.join(' ');
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found ?? undefined;
  };
  const isAtEndOfPart = (): boolean => at === text.length || /[\s,)]/.test(text[at] ?? '');

  /** A parenthesis within a name belongs to the name, with its counterpart. */
  const term = (isInside: boolean): Term => {
    const start = at;
    let open = 0;
    for (; at < text.length && !/[\s,]/.test(text[at] ?? ''); at++) {
      if (text[at] === '(') open++;
      else if (text[at] === ')' && open-- === 0 && isInside) break;
    }
    return parseTerm(text.slice(start, at));
  };
  const part = (isInside: boolean): Expression => {
    const start = at;
    if (take(/!/y)) {
      const of = part(isInside);
      return { kind: 'difference', from: { kind: 'all' }, without: { kind: 'word', raw: text.slice(start + 1, at), of } };
    }
    const opened = take(groupStart);
    if (!opened) return term(isInside);
    const of = words(true);
    const closed =
      take(groupEnd) ?? syntax(`'${text.slice(start)}' has a parenthesis that nothing closes`, 'Put a ) behind what belongs together');
    const raw = text.slice(start, at);
    if (!isAtEndOfPart()) syntax(`'${raw}' is followed by '${text.slice(at)}'`, 'Put a space or a comma between them');
    if (of.parts.length === 0) syntax(`'${raw}' holds nothing`, 'Write what to select between the parentheses');
    const hops = hopsOf(raw, opened[1], opened[2], closed[1]);
    const isPlain = !hops.childrensParents && hops.parents === undefined && hops.children === undefined;
    return isPlain ? of : { kind: 'around', of, hops };
  };
  const word = (isInside: boolean): Expression => {
    const start = at;
    const parts: Expression[] = [];
    do {
      if (isAtEndOfPart() && !(text[at] === ')' && !isInside)) {
        while (!/[\s)]|^$/.test(text[at] ?? '')) at++;
        const raw = text.slice(start, at);
        syntax(
          `'${raw}' has a comma with nothing on one side`,
          'A comma takes what both sides have in common; for either of two, put a space between them',
        );
      }
      parts.push(part(isInside));
    } while (take(/,/y));
    const [first, ...rest] = parts;
    const of: Expression = first && rest.length === 0 ? first : { kind: 'intersection', parts };
    return { kind: 'word', raw: text.slice(start, at), of };
  };
  const words = (isInside: boolean): Extract<Expression, { kind: 'union' | 'intersection' }> => {
    const parts: Expression[] = [];
    for (take(/\s+/y); at < text.length && !(isInside && text[at] === ')'); take(/\s+/y)) parts.push(word(isInside));
    return { kind: 'union', parts };
  };
  return words(false);
}
