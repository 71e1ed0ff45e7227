// What may not run within a transaction, and cursors, which may run only there.
// https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html
import type { Emit } from '../finding.ts';
import type { Command, Statement } from '../tree/statement.ts';

/** Of the session, as far as the text before tells. */
export interface SessionState {
  /** Undefined: not known, as before the first BEGIN of a text. */
  readonly inTransaction: boolean | undefined;
  readonly cursor?: string | undefined;
}

const outside: ReadonlySet<string> = new Set([
  'vacuum',
  ...['create database', 'drop database', 'alter database', 'create library', 'drop library', 'alter system'],
  ...['create external table', 'create external table as', 'alter external view'],
]);

/** What the statement is called where it cannot run within a transaction; undefined: it can. */
export function outsideOnly(statement: Statement): string | undefined {
  if (statement.kind === 'command') {
    if (outside.has(statement.command)) return statement.command.toUpperCase();
    return statement.command === 'copy job' ? 'COPY JOB' : undefined;
  }
  if (statement.kind === 'copy') return statement.options.some(({ name }) => name === 'job create') ? 'COPY JOB CREATE' : undefined;
  if (statement.kind === 'create-view') return statement.external ? 'CREATE EXTERNAL VIEW' : undefined;
  if (statement.kind === 'grant' || statement.kind === 'revoke')
    return statement.on?.what.startsWith('external') ? `${statement.kind.toUpperCase()} on an external resource` : undefined;
  if (statement.kind !== 'alter-table') return undefined;
  for (const { what } of statement.actions) {
    if (what === 'alter column type') return 'ALTER TABLE ALTER COLUMN';
    if (what === 'append from') return 'ALTER TABLE APPEND';
    if (what === 'external') return 'ALTER EXTERNAL TABLE';
  }
  return undefined;
}

export function checkTransaction(statement: Statement, state: SessionState, emit: Emit): void {
  const what = outsideOnly(statement);
  if (what !== undefined && state.inTransaction) emit('in-transaction', statement, { what });
  if (statement.kind !== 'command') return;
  const name = cursorOf(statement);
  if (statement.command === 'declare') {
    if (state.inTransaction === false) emit('cursor-outside', statement);
    else if (state.cursor !== undefined) emit('second-cursor', statement);
  } else if (
    (statement.command === 'fetch' || statement.command === 'close') &&
    state.inTransaction &&
    name !== undefined &&
    name !== state.cursor
  )
    emit('unknown-cursor', statement, { name });
}

const cursorOf = ({ slots }: Command): string | undefined => {
  const node = slots.find(({ label }) => label === 'cursor')?.node;
  return node?.kind === 'name' ? node.value : undefined;
};

/** The session after the statement has run. */
export function stateAfter(statement: Statement, state: SessionState): SessionState {
  if (statement.kind !== 'command') return state;
  switch (statement.command) {
    case 'begin':
      return { inTransaction: true };
    case 'commit':
    case 'rollback':
    case 'truncate':
      return { inTransaction: false };
    case 'declare':
      return { ...state, cursor: cursorOf(statement) };
    case 'close':
      return { inTransaction: state.inTransaction };
    default:
      return state;
  }
}
