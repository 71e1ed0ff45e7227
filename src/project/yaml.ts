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

/** Throws one DwhError that says where and what to do. */
export function readYaml(text: string, file: string): YamlText {
  let events: Event[] | undefined;
  let value: unknown;
  try {
    events = parseEvents(text, { maxDepth: 200 });
    const documents = constructFromEvents(events, { source: text, schema: SCHEMA, maxTotalMergeKeys: -1 });
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
    if (error instanceof YAMLException) throw new DwhError([explain(error, text, file, events)], { cause: error });
    throw error;
  }
  let root: Place | undefined;
  const find = (path: ConfigPath): { place: Place; exact: boolean } => {
    root ??= places(events ?? parseEvents(text, { maxDepth: 200 }), text);
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
    locate: (path) => locationAt(text, find(path).place.key, file),
    locateValue: (path) => locationAt(text, find(path).place.start, file),
    written(path) {
      const { place, exact } = find(path);
      return exact && place.end !== undefined ? text.slice(place.start, place.end) : undefined;
    },
  };
}

/** Offsets into the text. `end` is known for scalars. */
interface Place {
  readonly key: number;
  readonly start: number;
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
      const place = { key: key ?? start, start, end: event.valueEnd };
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

function locationAt(text: string, offset: number, file: string): Location {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { file, line, column: offset - start + 1 };
}

const UNQUOTED_JINJA = /^\s*(?:-\s+)*(?:[^\s'"#][^'"#]*?:\s+|-\s+)?\{[{%]/;

/** What is wrong, without the passwords of the line that it is about. */
function explain(error: YAMLException, text: string, file: string, events: readonly Event[] | undefined): Problem {
  const problem = explained(error, text, file, events);
  const line = text.split('\n')[(problem.at?.line ?? 0) - 1] ?? '';
  const shown = shownLine(line, file);
  if (shown === line || problem.detail === undefined) return problem;
  return { ...problem, hint: 'Put the value in quotes.', detail: shown === undefined ? [] : [shown] };
}

function explained(error: YAMLException, text: string, file: string, events: readonly Event[] | undefined): Problem {
  const offset = error.mark?.position ?? 0;
  const at = locationAt(text, offset, file);
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
    return jinjaProblem(locationAt(text, complexKey, file).line, lineText, file);
  for (let line = at.line; line >= Math.max(1, at.line - 2); line--) {
    if (UNQUOTED_JINJA.test(lineText(line))) return jinjaProblem(line, lineText, file);
  }
  if (error.reason.includes('duplicated mapping key') && events) {
    const name = text.slice(offset).match(/^(?:"[^"]*"|'[^']*'|[^:\s]+)/)?.[0] ?? '';
    const { first } = placesOfKeys(events, text, offset);
    return {
      code: 'yaml-duplicate-key',
      message: `the key '${name.replace(/^["']|["']$/g, '')}' stands here twice${first === undefined ? '' : `: first on line ${locationAt(text, first, file).line}, again on line ${at.line}`}`,
      at,
      hint: 'Keep one of them, or put both contents under one key.',
    };
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

/** `first`: the earlier key of the same name in the mapping of the key at `offset`. `complex`: the first key that is itself a collection. */
function placesOfKeys(events: readonly Event[], text: string, offset = Number.POSITIVE_INFINITY): { first?: number; complex?: number } {
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
        const known = top.keys.get(name);
        if (event.valueStart >= offset) return known === undefined ? {} : { first: known };
        if (known === undefined) top.keys.set(name, event.valueStart);
      } else if (top.expectsKey && (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE)) {
        return { complex: event.start };
      }
      top.expectsKey = !top.expectsKey;
    }
    if (event.type === EVENT_ID.MAPPING) stack.push({ keys: new Map(), expectsKey: true });
    else if (event.type !== EVENT_ID.SCALAR && event.type !== EVENT_ID.ALIAS) stack.push({ keys: undefined, expectsKey: false });
  }
  return {};
}
