// Answers what templates ask of the warehouse: drives a rendering generator to its end.
import { type WarehouseAsk, withOneAlias } from '../context/index.ts';
import { fail } from '../core/problem.ts';
import { statement } from '../core/statement.ts';
import type { Ask } from '../template/index.ts';
import type { Catalog } from './catalog.ts';
import type { Session } from './session.ts';

const CHANGES = /\b(create|drop|alter|rename|attach|detach|insert|update|delete|truncate|merge|copy|grant|revoke)\b/i;

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
  }
}

/** `session` is opened when the template first asks; undefined: this command never connects, and asking is an error. */
export async function drive<T>(
  rendering: Generator<Ask, T, unknown>,
  session: (() => Promise<Session>) | undefined,
  catalog: Catalog,
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
      reply = await answer(ask, await session(), catalog);
    } catch (error) {
      step = rendering.throw(error);
      continue;
    }
    step = rendering.next(reply);
  }
  return step.value;
}
