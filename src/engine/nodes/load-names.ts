// Files that were fetched lie under names of no meaning; users know them by their keys.
import { DatabaseError } from '../../adapters/adapter.ts';
import type { Result, Statement } from '../../core/statement.ts';
import { type Session, StatementError } from '../session.ts';

/** The session with `named` over all that is shown of statements, and over what the warehouse says of them. */
export function namingSession(session: Session, named: (text: string) => string): Session {
  const told = (send: (sql: Statement) => Promise<Result>) => async (sql: Statement) => {
    try {
      return await send({ ...sql, shown: named(sql.shown) });
    } catch (error) {
      if (!(error instanceof StatementError)) throw error;
      const { cause } = error;
      throw new StatementError(error.statement, new DatabaseError(named(cause.message), cause.details, { cause }));
    }
  };
  return { ...session, run: told(session.run), read: told(session.read) };
}
