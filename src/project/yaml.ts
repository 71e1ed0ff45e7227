// YAML as dbt's users write it: PyYAML's dialect (yes/no/on/off are booleans, `<<` merges, 012 is octal, dates stay text).
// Text in; values out, and the place of any value when a problem needs it.
import {
  boolYaml11Tag,
  constructFromEvents,
  EVENT_ID,
  type Event,
  FAILSAFE_SCHEMA,
  floatYaml11Tag,
  getScalarValue,
  intYaml11Tag,
  mergeTag,
  NOT_RESOLVED,
  nullYaml11Tag,
  parseEvents,
  YAMLException,
} from 'js-yaml';
import type { ConfigPath } from '../core/config-reader.ts';
import type { Location } from '../core/location.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import { shownLine } from '../core/secret-names.ts';

// PyYAML reads y and n as text. Numbers that JSON cannot say (beyond a double's whole numbers, .nan, .inf) stay text rather than
// change.
const SCHEMA = FAILSAFE_SCHEMA.withTags(
  nullYaml11Tag,
  {
    ...boolYaml11Tag,
    resolve: (source, isExplicit, tagName) => (source.length === 1 ? NOT_RESOLVED : boolYaml11Tag.resolve(source, isExplicit, tagName)),
  },
  {
    ...intYaml11Tag,
    resolve: (source, isExplicit, tagName) => {
      const value = intYaml11Tag.resolve(source, isExplicit, tagName);
      return Number.isSafeInteger(value) ? Number(value) + 0 : NOT_RESOLVED;
    },
  },
  {
    ...floatYaml11Tag,
    resolve: (source, isExplicit, tagName) => {
      const value = floatYaml11Tag.resolve(source, isExplicit, tagName);
      return Number.isFinite(value) ? Number(value) + 0 : NOT_RESOLVED;
    },
  },
  mergeTag,
);

export interface YamlText {
  /** undefined: the text is empty or holds comments only. */
  readonly value: unknown;
  /** Where the key (or list item) at the path stands; of the nearest parent when the path itself does not exist. */
  locate(path: ConfigPath): Location;
  /** Where the value at the path begins. */
  locateValue(path: ConfigPath): Location;
  /** The text of a plain or quoted value as it is written; undefined when there is no such value. */
  written(path: ConfigPath): string | undefined;
}

/**
 * Throws one DwhError that says where and what to do. `problems`: keys that stand twice are told there, and the last one counts,
 * as in dbt; else they are thrown, too.
 */
export function readYaml(written: string, file: string, problems?: Problem[]): YamlText {
  let events: Event[] | undefined;
  let value: unknown;
  const { text, indented, parsed } = eventsOf(written);
  const locationAt: Locate = (offset) => locationIn(text, offset, file, indented);
  try {
    events = parsed();
    const options = { source: text, schema: SCHEMA, maxTotalMergeKeys: -1 };
    const twice = problems ? keysTwice(events, text) : [];
    problems?.push(...twice.map((one) => ({ ...twiceProblem(one, locationAt), severity: 'warning' as const })));
    const documents = constructFromEvents(events, { ...options, json: twice.length > 0 });
    if (documents.length > 1)
      throw new DwhError([
        {
          code: 'yaml-syntax',
          message: 'the file holds several YAML documents',
          at: { file, line: 1, column: 1 },
          hint: "Remove the lines that are '---'.",
        },
      ]);
    value = documents[0] ?? undefined;
  } catch (error) {
    if (error instanceof YAMLException) throw new DwhError([explain(error, { text, file, events, locationAt })], { cause: error });
    throw error;
  }
  let root: Place | undefined;
  const find = (path: ConfigPath): { place: Place; exact: boolean } => {
    root ??= places(events ?? parseEvents(text, LIMITS), text);
    events = undefined;
    let place = root;
    for (const step of path) {
      const next = place.children?.get(String(step));
      if (!next) return { place, exact: false };
      place = next;
    }
    return { place, exact: true };
  };
  return {
    value,
    locate: (path) => locationAt(find(path).place.key),
    locateValue(path) {
      const { first, start } = find(path).place;
      return locationAt(first ?? start);
    },
    written(path) {
      const { place, exact } = find(path);
      return exact && place.end !== undefined ? text.slice(place.start, place.end) : undefined;
    },
  };
}

const LIMITS = { maxDepth: 200 };
const MANY_LINES = 100;

/**
 * PyYAML lets the lines within brackets and quotes stand anywhere, a closing bracket in the first column too; this parser wants
 * them below the key. They are moved to the right, which changes no value, line by line as it complains. `indented`: by how much
 * which lines were.
 */
function eventsOf(written: string): { text: string; indented: ReadonlyMap<number, number>; parsed: () => Event[] } {
  const indented = new Map<number, number>();
  let text = written;
  for (let inText = 0; inText < MANY_LINES; ) {
    try {
      const events = parseEvents(text, LIMITS);
      return { text, indented, parsed: () => events };
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      const { reason, mark } = error;
      const line = reason === 'deficient indentation' && mark ? mark.line + 1 : undefined;
      if (!mark || line === undefined || indented.has(line)) break;
      const start = text.lastIndexOf('\n', mark.position - 1) + 1;
      if (!/[\]}]/.test(text[mark.position] ?? '')) inText++;
      indented.set(line, FAR_RIGHT.length);
      text = text.slice(0, start) + FAR_RIGHT + text.slice(start);
    }
  }
  // Not YAML at all: what is said of it is about the text as it is written.
  return { text: written, indented: new Map(), parsed: () => parseEvents(written, LIMITS) };
}

/** More than any level of `LIMITS` that people indent. */
const FAR_RIGHT = ' '.repeat(400);

/** Offsets into the text. `end` is known for scalars. */
interface Place {
  readonly key: number;
  readonly start: number;
  /** Of a text below `|` or `>`: behind the indentation of its first line. */
  readonly first?: number;
  readonly end?: number;
  readonly children?: Map<string, Place>;
}

function places(events: readonly Event[], text: string): Place {
  const anchors = new Map<string, Place>();
  let index = 0;
  const anchorOf = (event: { anchorStart: number; anchorEnd: number }): string | undefined =>
    event.anchorStart >= 0 ? text.slice(event.anchorStart, event.anchorEnd) : undefined;
  const node = (key: number | undefined): Place => {
    const event = events[index++];
    if (!event || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) return { key: key ?? 0, start: key ?? 0 };
    if (event.type === EVENT_ID.ALIAS) {
      const target = anchors.get(text.slice(event.anchorStart, event.anchorEnd));
      const start = event.anchorStart - 1;
      return { key: key ?? start, start, ...(target?.children && { children: target.children }) };
    }
    if (event.type === EVENT_ID.SCALAR) {
      const start = event.valueStart >= 0 ? event.valueStart : (key ?? 0);
      const first = event.indent > 0 && text.startsWith(' '.repeat(event.indent), start) ? { first: start + event.indent } : {};
      const place = { key: key ?? start, start, ...first, end: event.valueEnd };
      const anchor = anchorOf(event);
      if (anchor) anchors.set(anchor, place);
      return place;
    }
    const children = new Map<string, Place>();
    const place = { key: key ?? event.start, start: event.start, children };
    const anchor = anchorOf(event);
    if (anchor) anchors.set(anchor, place);
    if (event.type === EVENT_ID.SEQUENCE) {
      for (let item = 0; events[index]?.type !== EVENT_ID.POP && index < events.length; item++) children.set(String(item), node(undefined));
    } else {
      while (events[index]?.type !== EVENT_ID.POP && index < events.length) {
        const keyEvent = events[index];
        const keyPlace = node(undefined);
        const name = keyEvent?.type === EVENT_ID.SCALAR ? getScalarValue(text, keyEvent) : '';
        const value = node(keyPlace.start);
        if (name === '<<') mergeInto(children, value);
        else children.set(name, value);
      }
    }
    index++;
    return place;
  };
  if (events[0]?.type !== EVENT_ID.DOCUMENT) return { key: 0, start: 0 };
  index = 1;
  return node(undefined);
}

/** `<<: *base` or `<<: [*a, *b]`: keys of the mapping itself win, whichever comes first. */
function mergeInto(children: Map<string, Place>, merged: Place): void {
  for (const [name, place] of merged.children ?? []) {
    if (/^\d+$/.test(name) && place.children && !children.has(name)) mergeInto(children, place);
    else if (!children.has(name)) children.set(name, place);
  }
}

type Locate = (offset: number) => Location;

function locationIn(text: string, offset: number, file: string, indented: ReadonlyMap<number, number>): Location {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { file, line, column: Math.max(1, offset - start + 1 - (indented.get(line) ?? 0)) };
}

const UNQUOTED_JINJA = /^\s*(?:-\s+)*(?:[^\s'"#][^'"#]*?:\s+|-\s+)?\{[{%]/;

interface Reading {
  readonly text: string;
  readonly file: string;
  readonly events: readonly Event[] | undefined;
  readonly locationAt: Locate;
}

/** What is wrong, without the passwords of the line that it is about. */
function explain(error: YAMLException, reading: Reading): Problem {
  const { text, file } = reading;
  const problem = explained(error, reading);
  const line = text.split('\n')[(problem.at?.line ?? 0) - 1] ?? '';
  const shown = shownLine(line, file);
  if (shown === line || problem.detail === undefined) return problem;
  return { ...problem, hint: 'Put the value in quotes.', detail: shown === undefined ? [] : [shown] };
}

function explained(error: YAMLException, { text, file, events, locationAt }: Reading): Problem {
  const offset = error.mark?.position ?? 0;
  const at = locationAt(offset);
  const lines = text.split('\n');
  const lineText = (line: number): string => lines[line - 1] ?? '';
  // A parser notices an unquoted {{ up to a few lines after it; a tab is often on the line that ends just before.
  for (let line = at.line; line >= Math.max(1, at.line - 1); line--) {
    const tab = lineText(line).match(/^[ ]*\t/);
    if (tab) {
      const column = tab[0].length;
      return {
        code: 'yaml-tab',
        message: `there is a tab in the indentation of line ${line}, and YAML allows only spaces there`,
        at: { file, line, column },
        hint: 'Replace the tab with spaces (two for each level).',
        detail: [lineText(line).replaceAll('\t', '→   ')],
      };
    }
  }
  const complexKey = error.reason.includes('complex keys') && events ? placesOfKeys(events, text).complex : undefined;
  if (complexKey !== undefined && /^\{?\{/.test(text.slice(complexKey - 1)))
    return jinjaProblem(locationAt(complexKey).line, lineText, file);
  for (let line = at.line; line >= Math.max(1, at.line - 2); line--) {
    if (UNQUOTED_JINJA.test(lineText(line))) return jinjaProblem(line, lineText, file);
  }
  if (error.reason.includes('duplicated mapping key') && events) {
    const twice = keysTwice(events, text).find(({ again }) => again === offset || again === offset + 1);
    if (twice) return twiceProblem(twice, locationAt);
  }
  const [, value] = /^\s*(?:- +)*[\w-]+: +([^'"#&*!|>{[\s].*: .*)$/.exec(lineText(at.line)) ?? [];
  if (value !== undefined) {
    return {
      code: 'yaml-syntax',
      message: "a value with ': ' in it needs quotes, because YAML takes it for a key",
      at,
      hint: `Quote it: ${JSON.stringify(value.trim())}`,
      detail: [lineText(at.line)],
    };
  }
  return {
    code: 'yaml-syntax',
    message: `this is not YAML: ${error.reason}`,
    at,
    hint: 'Compare the indentation with the lines around it, and put texts with special characters in quotes.',
    detail: [lineText(at.line)],
  };
}

function jinjaProblem(line: number, lineText: (line: number) => string, file: string): Problem {
  const start = Math.max(0, lineText(line).search(/\{[{%]/));
  return {
    code: 'yaml-jinja-quotes',
    message: 'a value that begins with {{ or {% needs quotes, because YAML takes { for the start of a mapping',
    at: { file, line, column: start + 1 },
    hint: `Quote your Jinja: "${lineText(line).slice(start).trim().replaceAll('"', "'")}"`,
    detail: [lineText(line)],
  };
}

interface Twice {
  readonly name: string;
  readonly first: number;
  readonly again: number;
}

const twiceProblem = ({ name, first, again }: Twice, locationAt: Locate): Problem => {
  const at = locationAt(again);
  return {
    code: 'yaml-duplicate-key',
    message: `the key '${name}' stands here twice: first on line ${locationAt(first).line}, again on line ${at.line}`,
    at,
    hint: 'Keep one of them, or put both contents under one key.',
  };
};

const keysTwice = (events: readonly Event[], text: string): readonly Twice[] => placesOfKeys(events, text).twice;

/** `twice`: keys whose name their mapping has already. `complex`: the first key that is itself a collection. */
function placesOfKeys(events: readonly Event[], text: string): { readonly twice: readonly Twice[]; readonly complex?: number } {
  const twice: Twice[] = [];
  const stack: { keys: Map<string, number> | undefined; expectsKey: boolean }[] = [];
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      stack.pop();
      continue;
    }
    const top = stack[stack.length - 1];
    if (top?.keys) {
      if (top.expectsKey && event.type === EVENT_ID.SCALAR) {
        const name = getScalarValue(text, event);
        const first = top.keys.get(name);
        if (first === undefined) top.keys.set(name, event.valueStart);
        else if (name !== '<<') twice.push({ name, first, again: event.valueStart });
      } else if (top.expectsKey && (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE)) {
        return { twice, complex: event.start };
      }
      top.expectsKey = !top.expectsKey;
    }
    if (event.type === EVENT_ID.MAPPING) stack.push({ keys: new Map(), expectsKey: true });
    else if (event.type !== EVENT_ID.SCALAR && event.type !== EVENT_ID.ALIAS) stack.push({ keys: undefined, expectsKey: false });
  }
  return { twice };
}
