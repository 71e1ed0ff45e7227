import { databaseName } from '../../src/adapters/duckdb/credentials.ts';
import { type AdapterFixture, conforms } from './conformance.ts';
import { duckdbAdapter, openTarget } from './duckdb-target.ts';

async function open(target: Readonly<Record<string, unknown>>): Promise<AdapterFixture> {
  const warehouse = await openTarget(target);
  return {
    adapter: duckdbAdapter(),
    warehouse,
    place: { database: databaseName(String(target.path)), schema: String(target.schema ?? 'main') },
    endlessQuery: 'select count(*) as n from range(100000000000) as a(n) where n % 7 = 3',
    close: () => warehouse.close(),
  };
}

conforms('duckdb in a file', () => open({ path: 'shop.prod.duckdb' }));
conforms('duckdb in memory', () => open({ path: ':memory:', schema: 'analytics "x"' }));
