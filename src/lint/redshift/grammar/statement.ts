// A statement, by the words it begins with. https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_commands.html
import { absentCommands, absentId } from '../rules/grammar-changes.ts';
import type { Rule } from '../rules/rule.ts';
import type { Command, Explain, Statement } from '../tree/statement.ts';
import { alterTable } from './alter-table.ts';
import { accessCommands } from './commands/access.ts';
import { objectCommands } from './commands/objects.ts';
import { sessionCommands } from './commands/session.ts';
import { copy, unload } from './copy.ts';
import { createTable } from './create-table.ts';
import { insert, remove, update } from './dml.ts';
import { refuseCommand } from './known-mistakes.ts';
import { merge } from './merge.ts';
import { defaultPrivileges, grant } from './privileges.ts';
import { query, withClause } from './query.ts';
import type { Reader } from './reader.ts';
import { createRoutine } from './routines.ts';
import { set } from './settings.ts';
import { match, type Synopsis, synopsis } from './synopsis.ts';
import { createMaterializedView, createView } from './views.ts';

const commands = new Map<string, { readonly command: string; readonly grammar: Synopsis }[]>();
for (const [command, line] of [...sessionCommands, ...objectCommands, ...accessCommands]) {
  const grammar = synopsis(line);
  commands.set(grammar.firstWord, [...(commands.get(grammar.firstWord) ?? []), { command, grammar }]);
}

export function statement(reader: Reader): Statement {
  const { start, kind, value: word } = reader.peek();
  if (reader.seesOperator('(') || word === 'select') return query(reader);
  if (kind !== 'word') return reader.unexpected();
  refuseAbsent(reader);
  switch (word) {
    case 'with':
      return afterWith(reader, start);
    case 'insert':
      return insert(reader, start);
    case 'update':
      return update(reader, start);
    case 'delete':
      return remove(reader, start);
    case 'merge':
      return merge(reader);
    case 'copy':
      return reader.isWord(1, 'job') && !reader.isWord(2, 'from') ? command(reader) : copy(reader);
    case 'unload':
      return unload(reader);
    case 'create':
      return create(reader, start) ?? command(reader);
    case 'alter':
      return alter(reader, start) ?? command(reader);
    case 'grant':
    case 'revoke':
      return grant(reader);
    case 'explain':
      return explain(reader, start);
    case 'set':
      return setsParameter(reader) ? set(reader) : command(reader);
    default:
      return command(reader);
  }
}

/** A WITH before what changes rows belongs to the change. */
function afterWith(reader: Reader, start: number): Statement {
  const before = reader.position;
  const clause = withClause(reader);
  if (reader.sees('insert')) return insert(reader, start, clause);
  if (reader.sees('update')) return update(reader, start, clause);
  if (reader.sees('delete')) return remove(reader, start, clause);
  if (reader.sees('merge')) reader.refuse('with-merge');
  reader.backTo(before);
  return query(reader);
}

function create(reader: Reader, start: number): Statement | undefined {
  return reader.attempt(() => {
    reader.expect('create');
    const orReplace = reader.accept('or', 'replace');
    if (reader.sees('view') || seesAfter(reader, 'external', 'view') || reader.sees('protected', 'view'))
      return createView(reader, start, orReplace);
    if (reader.sees('function') || reader.sees('procedure') || seesAfter(reader, 'external', 'function'))
      return createRoutine(reader, start, orReplace);
    if (orReplace) return undefined;
    if (reader.sees('materialized', 'view')) return createMaterializedView(reader, start);
    reader.accept('local');
    const temporary = reader.acceptOneOf('temporary', 'temp') !== undefined;
    return reader.sees('table') ? createTable(reader, start, temporary) : undefined;
  });
}

const seesAfter = (reader: Reader, first: string, second: string): boolean =>
  reader.sees(first, second) || (reader.sees(first, 'protected') && reader.isWord(2, second));

function alter(reader: Reader, start: number): Statement | undefined {
  if (reader.isWord(1, 'table')) {
    const found = matching(reader);
    if (found) return found;
    reader.next();
    return alterTable(reader, start);
  }
  if (!reader.isWord(1, 'default')) return undefined;
  reader.next();
  return defaultPrivileges(reader, start);
}

/** `set session authorization` and `set transaction` are commands of their own. */
const setsParameter = (reader: Reader): boolean =>
  !(reader.isWord(1, 'transaction') && !reader.isWord(2, 'to')) &&
  !['authorization', 'characteristics'].some((word) => reader.isWord(2, word)) &&
  !reader.isWord(3, 'authorization');

function explain(reader: Reader, start: number): Explain {
  reader.expect('explain');
  if (reader.seesOperator('(') && !reader.isWord(1, 'select') && !reader.isWord(1, 'with')) reader.refuse('explain-options');
  if (reader.sees('analyze')) reader.refuse('explain-options');
  const verbose = reader.accept('verbose');
  return { kind: 'explain', verbose, statement: reader.statement(), ...reader.since(start) };
}

function command(reader: Reader): Command {
  const found = matching(reader);
  if (found) return found;
  refuseCommand(reader);
  return reader.refuseAtFurthest();
}

/** The first command of the table whose synopsis takes the whole statement. */
function matching(reader: Reader): Command | undefined {
  const start = reader.start;
  for (const { command: named, grammar } of commands.get(reader.peek().value) ?? []) {
    const slots = match(reader, grammar);
    if (slots) return { kind: 'command', command: named, slots, ...reader.since(start) };
  }
  return undefined;
}

/** By first word: what PostgreSQL or others have, and Redshift has not. */
const absent = new Map<string, { readonly words: readonly string[]; readonly id: string; readonly rule: Rule }[]>();
for (const [line, rule] of absentCommands) {
  const words = line.split(' ');
  const first = words[0] ?? '';
  absent.set(first, [...(absent.get(first) ?? []), { words, id: absentId(line), rule }]);
}

function refuseAbsent(reader: Reader): void {
  for (const { words, id, rule } of absent.get(reader.peek().value) ?? [])
    if (reader.sees(...words)) reader.refuseBy(id, rule, reader.peek(), reader.text);
}
