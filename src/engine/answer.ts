// Answers what templates ask of the warehouse: drives a rendering generator to its end.
import { type WarehouseAsk, withOneAlias } from '../context/index.ts';
import { DwhError, fail } from '../core/problem.ts';
import { statement } from '../core/statement.ts';
import type { Ask } from '../template/index.ts';
import type { Catalog } from './catalog.ts';
import { type Session, StatementError } from './session.ts';

/** Of a statement's line, in characters. */
const MAX_SHOWN = 120;
/** What may change something. */
export const CHANGES = /\b(create|drop|alter|rename|attach|detach|insert|update|delete|truncate|merge|copy|grant|revoke|comment|call)\b/i;

async function answer(ask: WarehouseAsk, session: Session, catalog: Catalog): Promise<unknown> {
  switch (ask.ask) {
    case 'run': {
      // What may change something is a statement of the node's own, and --dry-run only prints it.
      const sql = withOneAlias(ask.sql);
      if (!CHANGES.test(sql)) return session.read(statement(sql));
      const result = await session.run(statement(sql));
      catalog.ran(ask.sql);
      return result;
    }
    case 'relation':
      return catalog.get(ask.relation, session.connection);
    case 'columns':
      return session.connection.columns(ask.relation);
    case 'relations':
      return catalog.relationsOf(ask, session.connection);
    case 'describe':
      return session.connection.describe(ask.sql);
    case 'commit':
      return undefined;
    case 'contract':
    case 'contract-body':
    case 'constraints':
    case 'make':
    case 'adorn':
      return fail({
        code: 'not-materializing',
        message: 'only a materialization makes relations of its node, gives them indexes, rights and comments, and knows its contract',
      });
    case 'forget':
      return catalog.forget();
  }
}

/** Answers some of what a template asks in another way; undefined: it does not. */
export type Own = (ask: WarehouseAsk, session: Session) => Promise<{ readonly reply: unknown } | undefined>;

/**
 * What the warehouse refuses for good is a mistake where the template asks: as a problem it gets that place, and the macros it
 * happened in. All else keeps its kind, by which it is tried again.
 */
function told(error: unknown): unknown {
  if (!(error instanceof StatementError)) return error;
  const { code, hint, position = 0, transient, cancelled, unsettled } = error.cause.details;
  if (transient || cancelled || unsettled) return error;
  const before = error.statement.shown.slice(0, position);
  const line = error.statement.shown.split('\n')[before.split('\n').length - 1]?.trim() ?? '';
  const message = `${code ? `${code}: ` : ''}${error.message}`;
  const detail = line === '' ? [] : [`in the statement: ${line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line}`];
  return new DwhError([{ code: 'database-error', message, detail, ...(hint !== undefined && { hint }) }], { cause: error });
}

/** `session` is opened when the template first asks; undefined: this command never connects, and asking is an error. */
export async function drive<T>(
  rendering: Generator<Ask, T, unknown>,
  session: (() => Promise<Session>) | undefined,
  catalog: Catalog,
  own?: Own,
): Promise<T> {
  let step = rendering.next();
  while (!step.done) {
    const ask = step.value as WarehouseAsk;
    if (!session) {
      return fail({
        code: 'needs-warehouse',
        message: 'a template asks the warehouse, and this command does not connect',
        hint: 'Leave --no-introspect out, or put what asks behind a condition that does not hold here.',
      });
    }
    let reply: unknown;
    try {
      const opened = await session();
      const answered = await own?.(ask, opened);
      reply = answered ? answered.reply : await answer(ask, opened, catalog);
    } catch (error) {
      step = rendering.throw(told(error));
      continue;
    }
    step = rendering.next(reply);
  }
  return step.value;
}
