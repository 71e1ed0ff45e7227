// A command's grammar as one line, written as the vendor's synopses are, and the matcher that reads statements by it.
//   vacuum mode:[ full | sort only ] [ <table:relation> ]
// Words stand for themselves, [ ] may be missing, { } is one of its parts, … after it means more of the same behind commas,
// * more of the same without; <label:kind> is a slot; label: before a bracket keeps the words found in it. A part that begins
// like the text is taken: there is no way back out of it.
import type { Slot } from '../tree/statement.ts';
import { label, name, qualifiedName, seesName } from './names.ts';
import type { Reader } from './reader.ts';
import { seesType, type } from './types.ts';

type Part = Fixed | SlotPart | Group;
interface Fixed {
  readonly kind: 'fixed';
  readonly text: string;
  readonly isWord: boolean;
}
interface SlotPart {
  readonly kind: 'slot';
  readonly label: string;
  readonly of: SlotKind;
  readonly more: boolean;
}
interface Group {
  readonly kind: 'group';
  readonly label: string;
  readonly optional: boolean;
  readonly choices: readonly (readonly Part[])[];
  readonly more: '' | '…' | '*';
}

const slotKinds = {
  name: (reader: Reader) => name(reader),
  word: (reader: Reader) => label(reader),
  relation: (reader: Reader) => qualifiedName(reader),
  type: (reader: Reader) => type(reader),
  expression: (reader: Reader) => reader.expression(),
  query: (reader: Reader) => reader.query(),
  statement: (reader: Reader) => reader.statement(),
  string: (reader: Reader) => literal(reader, 'string'),
  number: (reader: Reader) => literal(reader, 'number'),
} as const;
type SlotKind = keyof typeof slotKinds;

function literal(reader: Reader, wanted: 'string' | 'number') {
  const { kind, value, start, end } = reader.peek();
  if (kind !== wanted) return reader.unexpected();
  reader.next();
  return { kind: 'literal' as const, type: wanted, value, start, end };
}

/** Whether a slot can begin at the next token: decides whether what may be missing is there. */
function begins(reader: Reader, of: SlotKind): boolean {
  const { kind } = reader.peek();
  if (of === 'string' || of === 'number') return kind === of;
  if (of === 'query') return reader.seesQuery || reader.seesOperator('(');
  if (of === 'name' || of === 'relation') return seesName(reader);
  if (of === 'type') return seesType(reader);
  if (of === 'word') return kind === 'word' || kind === 'quoted';
  return !reader.done && !reader.seesOperator(')');
}

export interface Synopsis {
  readonly parts: readonly Part[];
  readonly firstWord: string;
}

export function synopsis(line: string): Synopsis {
  const tokens = line.split(' ').filter((token) => token !== '');
  let at = 0;
  const sequence = (): Part[] => {
    const parts: Part[] = [];
    while (at < tokens.length && !['|', ']', '}', ']…', '}…', ']*', '}*'].includes(tokens[at] ?? '')) parts.push(part());
    return parts;
  };
  const part = (): Part => {
    const token = tokens[at++] ?? '';
    const opens = token.at(-1);
    if (token.endsWith('[') || token.endsWith('{')) {
      const choices = [sequence()];
      while (tokens[at] === '|') {
        at++;
        choices.push(sequence());
      }
      const more = (tokens[at++] ?? '').slice(1);
      return { kind: 'group', label: token.slice(0, -2), optional: opens === '[', choices, more: more === '…' || more === '*' ? more : '' };
    }
    if (token.startsWith('<')) {
      const more = token.endsWith('…');
      const [named = '', of = ''] = token.slice(1, more ? -2 : -1).split(':');
      if (!Object.hasOwn(slotKinds, of)) throw new Error(`${line}: no slot is of kind '${of}'`);
      return { kind: 'slot', label: named, of: of as SlotKind, more };
    }
    const first = token.charCodeAt(0);
    return { kind: 'fixed', text: token, isWord: first >= 97 && first <= 122 };
  };
  return { parts: sequence(), firstWord: tokens[0] ?? '' };
}

/** The slots, when the synopsis takes the whole rest of the statement. */
export function match(reader: Reader, { parts }: Synopsis): Slot[] | undefined {
  const slots: Slot[] = [];
  return reader.attempt(() => (sequenceOf(reader, parts, slots) && reader.done ? slots : undefined));
}

const sequenceOf = (reader: Reader, parts: readonly Part[], slots: Slot[]): boolean =>
  parts.every((part) => matchPart(reader, part, slots));

function matchPart(reader: Reader, part: Part, slots: Slot[]): boolean {
  if (part.kind === 'fixed') return part.isWord ? reader.accept(part.text) : reader.acceptOperator(part.text);
  return part.kind === 'group' ? matchGroup(reader, part, slots) : matchSlot(reader, part, slots);
}

function matchSlot(reader: Reader, part: SlotPart, slots: Slot[]): boolean {
  if (!begins(reader, part.of)) return false;
  const read = (): void => {
    const start = reader.start;
    const node = slotKinds[part.of](reader);
    slots.push({ kind: 'slot', label: part.label, node, ...reader.since(start) });
  };
  read();
  while (part.more && reader.acceptOperator(',')) read();
  return true;
}

function matchGroup(reader: Reader, group: Group, slots: Slot[]): boolean {
  if (!matchChoice(reader, group, slots)) return group.optional;
  if (group.more === '…') {
    while (reader.acceptOperator(',')) if (!matchChoice(reader, group, slots)) return false;
  } else if (group.more === '*') while (matchChoice(reader, group, slots));
  return true;
}

function matchChoice(reader: Reader, { choices, label: named }: Group, slots: Slot[]): boolean {
  return choices.some((parts) => {
    const taken: Slot[] = [];
    const start = reader.start;
    const words = reader.attempt(() => {
      const first = reader.position;
      return sequenceOf(reader, parts, taken) ? reader.wordsFrom(first) : undefined;
    });
    if (words === undefined) return false;
    if (named !== '')
      slots.push({ kind: 'slot', label: named, node: { kind: 'word', value: words, ...reader.since(start) }, ...reader.since(start) });
    slots.push(...taken);
    return true;
  });
}
