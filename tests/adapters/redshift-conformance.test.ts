// On the stand-in, which refuses what Redshift does not document.
import { redshift } from '../../src/adapters/redshift/index.ts';
import { conforms } from './conformance.ts';
import { openTarget } from './redshift-target.ts';

conforms('redshift', async () => {
  const { credentials, warehouse, close } = await openTarget('Analytics "x"');
  return {
    adapter: redshift,
    warehouse,
    place: { database: credentials.database, schema: 'Analytics "x"' },
    severalAreOne: true,
    dropsLock: true,
    foldsNames: true,
    placesNoValue: true,
    retypesLast: true,
    endlessQuery: 'select count(*) as n from generate_series(1, 100000000000) as a(n) where n % 7 = 3',
    close,
  };
});
