// `modules`: the parts of Python's library that dbt gives to templates: datetime, pytz, re, itertools.
// https://docs.getdbt.com/reference/dbt-jinja-functions/modules
import { iterate, truth } from '../template/index.ts';
import { type Callable, type HostObject, type TemplateValue, Tuple } from '../template/types.ts';
import { DatetimeValue, datetimeModule, inZone, localTime } from './datetime-value.ts';
import { type Arguments, hostFunction, hostObject, problemError } from './values.ts';

export { datetimeValue } from './datetime-value.ts';

const tuple = (items: readonly TemplateValue[]): Tuple => Tuple.from(items) as Tuple;

function zoneValue(zone: string): HostObject {
  inZone(0, zone);
  return hostObject(
    'timezone',
    { zone, localize: hostFunction('localize', (args) => localized(args.need(0, 'dt'), zone)) },
    { toText: () => zone },
  );
}

/** The moment at which a zone's clock shows the given naive time. */
function localized(value: TemplateValue, zone: string): TemplateValue {
  if (!(value instanceof DatetimeValue)) throw problemError({ code: 'template-arguments', message: 'localize() needs a datetime' });
  return localTime(value.ms, zone);
}

/** A verbose expression: blanks and comments count for nothing, but for those in a class or behind a backslash. */
const withoutBlanks = (source: string): string =>
  source.replace(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\s+|#[^\n]*/g, (part) => (/^[\s#]/.test(part) ? '' : part));

/** Python's regular expressions in JavaScript's spelling. https://docs.python.org/3/library/re.html */
function expressionOf(pattern: string, flags: number): RegExp {
  let letters = 'g';
  let source = pattern
    .replace(/\(\?P</g, '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replace(/\\A/g, '^')
    .replace(/\\Z/g, '$');
  const inline = /^(?:\(\?[aimsux]+\))+/.exec(source)?.[0] ?? '';
  source = source.slice(inline.length);
  if (flags & 64 || inline.includes('x')) source = withoutBlanks(source);
  if (flags & 2 || inline.includes('i')) letters += 'i';
  if (flags & 8 || inline.includes('m')) letters += 'm';
  if (flags & 16 || inline.includes('s')) letters += 's';
  try {
    return new RegExp(source, letters);
  } catch (error) {
    throw problemError({
      code: 'template-arguments',
      message: `'${pattern}' is not a regular expression: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

function matchValue(match: RegExpExecArray): HostObject {
  const group = (key: TemplateValue): TemplateValue =>
    typeof key === 'number' ? (match[key] ?? null) : (match.groups?.[String(key)] ?? null);
  return hostObject('match', {
    group: hostFunction('group', (args) =>
      args.positional.length > 1 ? tuple(args.positional.map(group)) : group(args.get(0, 'group') ?? 0),
    ),
    groups: hostFunction('groups', () => tuple(match.slice(1).map((text) => text ?? null))),
    groupdict: hostFunction('groupdict', () => new Map(Object.entries(match.groups ?? {}).map(([name, text]) => [name, text ?? null]))),
    start: hostFunction('start', () => match.index),
    end: hostFunction('end', () => match.index + match[0].length),
    span: hostFunction('span', () => tuple([match.index, match.index + match[0].length])),
  });
}

type Matching = (expression: RegExp, args: Arguments) => TemplateValue;
const found = (expression: RegExp, text: string): TemplateValue => {
  expression.lastIndex = 0;
  const match = expression.exec(text);
  return match && matchValue(match);
};
const matchings: Readonly<Record<string, Matching>> = {
  search: (expression, args) => found(expression, args.needText(0, 'string')),
  match: (expression, args) => found(new RegExp(`^(?:${expression.source})`, expression.flags), args.needText(0, 'string')),
  fullmatch: (expression, args) => found(new RegExp(`^(?:${expression.source})$`, expression.flags), args.needText(0, 'string')),
  findall: (expression, args) =>
    [...args.needText(0, 'string').matchAll(expression)].map((match) =>
      match.length > 2 ? tuple(match.slice(1).map((text) => text ?? '')) : (match[1] ?? (match.length === 2 ? '' : match[0])),
    ),
  split: (expression, args) =>
    args
      .needText(0, 'string')
      .split(expression)
      .map((text) => text ?? null),
};

function substitute(expression: RegExp, replacement: string, text: string, count: number): string {
  let left = count > 0 ? count : Number.POSITIVE_INFINITY;
  return text.replace(expression, (...parts) => {
    if (left-- <= 0) return String(parts[0]);
    const groups = parts.slice(1).filter((part) => typeof part === 'string' || part === undefined);
    const named = typeof parts.at(-1) === 'object' ? (parts.at(-1) as Record<string, string>) : {};
    return replacement.replace(/\\(?:g<(\w+)>|(\d+))/g, (_, name: string | undefined, index: string | undefined) => {
      const key = name ?? index ?? '0';
      return /^\d+$/.test(key) ? (key === '0' ? String(parts[0]) : String(groups[Number(key) - 1] ?? '')) : (named[key] ?? '');
    });
  });
}

const flagsOf = (args: Arguments, index: number): number => {
  const value = args.get(index, 'flags');
  return typeof value === 'number' ? value : 0;
};
const shifted = (args: Arguments): Arguments => ({
  ...args,
  needText: (index, name) => args.needText(index + 1, name),
});

function reModule(): HostObject {
  const compiled = (pattern: string, flags: number): HostObject => {
    const expression = expressionOf(pattern, flags);
    return hostObject('pattern', {
      pattern,
      ...Object.fromEntries(Object.entries(matchings).map(([name, run]) => [name, hostFunction(name, (args) => run(expression, args))])),
      sub: hostFunction('sub', (args) =>
        substitute(expression, args.needText(0, 'repl'), args.needText(1, 'string'), Number(args.get(2, 'count') ?? 0)),
      ),
    });
  };
  return hostObject('module re', {
    ...Object.fromEntries(
      Object.entries(matchings).map(([name, run]): [string, Callable] => [
        name,
        hostFunction(name, (args) => run(expressionOf(args.needText(0, 'pattern'), flagsOf(args, 2)), shifted(args))),
      ]),
    ),
    sub: hostFunction('sub', (args) =>
      substitute(
        expressionOf(args.needText(0, 'pattern'), flagsOf(args, 4)),
        args.needText(1, 'repl'),
        args.needText(2, 'string'),
        Number(args.get(3, 'count') ?? 0),
      ),
    ),
    compile: hostFunction('compile', (args) => compiled(args.needText(0, 'pattern'), flagsOf(args, 1))),
    escape: hostFunction('escape', (args) => args.needText(0, 'pattern').replace(/[.*+?^${}()|[\]\\\-#&~\s]/g, '\\$&')),
    IGNORECASE: 2,
    I: 2,
    MULTILINE: 8,
    M: 8,
    DOTALL: 16,
    S: 16,
    VERBOSE: 64,
    X: 64,
  });
}

const listOf = (value: TemplateValue): readonly TemplateValue[] => {
  const items = iterate(value);
  if (items) return [...items];
  throw problemError({ code: 'template-type', message: 'itertools needs lists' });
};

/** Results are kept in memory, so a product has a limit. */
const MOST_COMBINATIONS = 1_000_000;

function combinations(items: readonly TemplateValue[], length: number, ordered: boolean): TemplateValue[] {
  const out: TemplateValue[] = [];
  const chosen: number[] = [];
  const visit = (from: number): void => {
    if (chosen.length === length) {
      if (out.length >= MOST_COMBINATIONS)
        throw problemError({ code: 'template-arguments', message: `itertools: more than ${MOST_COMBINATIONS} results` });
      out.push(tuple(chosen.map((index) => items[index] ?? null)));
      return;
    }
    for (let index = ordered ? 0 : from; index < items.length; index++) {
      if (ordered && chosen.includes(index)) continue;
      chosen.push(index);
      visit(index + 1);
      chosen.pop();
    }
  };
  visit(0);
  return out;
}

function itertoolsModule(): HostObject {
  const integer = (args: Arguments, index: number, name: string): number => Number(args.need(index, name));
  return hostObject('module itertools', {
    chain: hostObject(
      'chain',
      { from_iterable: hostFunction('from_iterable', (args) => listOf(args.need(0, 'iterable')).flatMap(listOf)) },
      { call: hostFunction('chain', (args) => args.positional.flatMap(listOf)).call },
    ),
    product: hostFunction('product', (args) => {
      const repeat = Number(args.named.get('repeat') ?? 1);
      const lists = Array.from({ length: repeat }, () => args.positional.map(listOf)).flat();
      if (lists.reduce((size, list) => size * list.length, 1) > MOST_COMBINATIONS)
        throw problemError({ code: 'template-arguments', message: `itertools.product: more than ${MOST_COMBINATIONS} results` });
      return lists.reduce<TemplateValue[][]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]]).map(tuple);
    }),
    combinations: hostFunction('combinations', (args) => combinations(listOf(args.need(0, 'iterable')), integer(args, 1, 'r'), false)),
    permutations: hostFunction('permutations', (args) => {
      const items = listOf(args.need(0, 'iterable'));
      return combinations(items, Number(args.get(1, 'r') ?? items.length), true);
    }),
    islice: hostFunction('islice', (args) => {
      const items = listOf(args.need(0, 'iterable'));
      return args.positional.length > 2
        ? items.slice(integer(args, 1, 'start'), integer(args, 2, 'stop'))
        : items.slice(0, integer(args, 1, 'stop'));
    }),
    zip_longest: hostFunction('zip_longest', (args) => {
      const lists = args.positional.map(listOf);
      const fill = args.named.get('fillvalue') ?? null;
      return Array.from({ length: Math.max(0, ...lists.map((list) => list.length)) }, (_, index) =>
        tuple(lists.map((list) => list[index] ?? fill)),
      );
    }),
    compress: hostFunction('compress', (args) => {
      const selectors = listOf(args.need(1, 'selectors'));
      return listOf(args.need(0, 'data')).filter((_, index) => truth(selectors[index] ?? false));
    }),
    repeat: hostFunction('repeat', (args) =>
      Array.from({ length: Math.min(integer(args, 1, 'times'), MOST_COMBINATIONS) }, () => args.need(0, 'object')),
    ),
  });
}

/** `now`: epoch ms at which the command began. */
export const modulesValue = (now: number): HostObject =>
  hostObject('modules', {
    datetime: () => hostObject('module datetime', datetimeModule(now)),
    pytz: () =>
      hostObject('module pytz', {
        utc: zoneValue('UTC'),
        UTC: zoneValue('UTC'),
        timezone: hostFunction('timezone', (args) => zoneValue(args.needText(0, 'zone'))),
      }),
    re: reModule,
    itertools: itertoolsModule,
  });
