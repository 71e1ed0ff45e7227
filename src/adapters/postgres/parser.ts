// PostgreSQL's own parser, as a library: what its grammar refuses, without a server. https://github.com/pganalyze/libpg_query
import { hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import type { EngineParser } from '../../lint/engine-linter.ts';

export async function postgresParser(): Promise<EngineParser> {
  await loadModule();
  return {
    nulls: { ofDescending: 'first', concatIsStrict: false },
    url: 'https://www.postgresql.org/docs/current/sql.html',
    async fault(sql) {
      try {
        parseSync(sql);
        return undefined;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const points = hasSqlDetails(error) ? error.sqlDetails?.cursorPosition : undefined;
        return { message: `PostgreSQL: ${message}`, offset: points === undefined ? undefined : [...sql].slice(0, points).join('').length };
      }
    },
  };
}
