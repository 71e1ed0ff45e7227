import { postgres } from '../../src/adapters/postgres/index.ts';
import { conforms } from './conformance.ts';
import { openTarget } from './postgres-target.ts';

conforms('postgres', async () => {
  const { credentials, warehouse } = await openTarget({ schema: 'Analytics "x"' });
  return {
    adapter: postgres,
    warehouse,
    place: { database: credentials.database, schema: 'Analytics "x"' },
    severalAreOne: true,
    dropsLock: true,
    endlessQuery: 'select count(*) as n from generate_series(1, 100000000000) as a(n) where n % 7 = 3',
    close: () => warehouse.close(),
  };
});
