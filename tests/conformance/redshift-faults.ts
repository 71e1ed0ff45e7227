// What only the stand-in can do to a run: a fault at its n-th statement, for each n. All that is built is there once.
import * as assert from 'uvu/assert';
import type { Fault } from '../stand-in/database.ts';
import { serializationError } from '../stand-in/errors.ts';
import { config, queryOf, type Shop, type Theme } from './shop.ts';
import { standInOf } from './warehouses.ts';

const SERIALIZATION: Fault = { error: serializationError('100200') };
const GONE: Fault = { error: { sqlstate: 'XX000', message: 'could not open relation with OID 100200' } };
const [BEFORE, MEANWHILE, AFTER]: readonly [Fault, Fault, Fault] = [{ cut: 'before' }, { cut: 'meanwhile' }, { cut: 'after' }];

type When = (kind: string | undefined, sql: string) => boolean;
/**
 * A session begins with settings, which are said again where it does not come about; the catalogue has no snapshots that could
 * be in each other's way. https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html
 */
const ALL: When = (kind, sql) => kind !== 'set' && !/\bpg_catalog\.|\bsvv_/.test(sql);
const CHANGES: When = (kind, sql) => ALL(kind, sql) && kind !== 'select' && kind !== 'begin';
const COMMITS: When = (kind) => kind === 'commit';

/** [command, at which statements in turn, with which faults in turn]. */
const SWEEPS: readonly (readonly [string, When, string, readonly [Fault, ...Fault[]]])[] = [
  ['build', ALL, '1023 at each statement', [SERIALIZATION]],
  ['build', COMMITS, 'no answer to each commit', [AFTER]],
  ['build', CHANGES, 'a connection lost behind or before each change, or an OID gone', [AFTER, BEFORE, GONE]],
  ['run', COMMITS, 'no answer to each commit', [AFTER]],
  ['run', COMMITS, 'no answer to each commit, at which the server still is when it is asked', [MEANWHILE]],
  ['run', CHANGES, '1023 at each change, a connection lost behind or before it, or an OID gone', [SERIALIZATION, AFTER, BEFORE, GONE]],
];

const FILES = {
  'seeds/rates.csv': 'code,rate\nEUR,1\nUSD,2\n',
  'models/codes.sql': "select code, rate from {{ ref('rates') }}",
  'models/totals.sql': `${config('table', "post_hook='insert into analytics.hooks select count(*) from analytics.hooks'")}select sum(rate) as total, {{ var('round') }} as round from {{ ref('codes') }}`,
  'models/added.sql': `${config('incremental')}select {{ var('round') }} as round`,
  'models/keyed.sql': config('incremental', "unique_key='id'") + queryOf({ id: 1 }, { id: 2 }),
  'tests/any_totals.sql': "select total from {{ ref('totals') }} where total <> 3",
  'tests/any_added.sql': "select round from {{ ref('added') }} where round < 0",
  'tests/any_keyed.sql': "select id from {{ ref('keyed') }} where id > 2",
};

/** Everything there is, in two questions. */
const state = async (shop: Shop): Promise<unknown> => [
  await shop.rows(`select (select count(*) from added), (select count(distinct round) from added), (select count(*) from hooks),
(select sum(total) from totals), (select sum(round) from totals), (select count(*) from keyed), (select sum(id) from keyed), (select sum(rate) from codes)`),
  await shop.relations(),
];
const expected = (rounds: number): unknown => [
  [[rounds, rounds, rounds, 3, rounds, 2, 3, 3].map(String)],
  ['added (table)', 'codes (view)', 'hooks (table)', 'keyed (table)', 'rates (table)', 'totals (table)'],
];

export const redshiftFaults: Theme = (scenario) => {
  for (const [command, isMeant, title, faults] of SWEEPS)
    scenario(`${command}: ${title}, in turn: nothing is lost, nothing is there twice`, async (open) => {
      const shop = await open(FILES, { target: { threads: 1 } });
      const standIn = standInOf(shop.target);
      await shop.rows('create table hooks (n integer)');
      await shop.succeeds('build', { vars: { round: 1 } });
      let hit: string | undefined = 'the first';
      let nth = 0;
      while (hit !== undefined) {
        nth++;
        hit = undefined;
        let count = 0;
        standIn.plan({
          when: ({ kind }, sql) => {
            if (!isMeant(kind, sql)) return false;
            if (++count === nth) hit = sql;
            return true;
          },
          nth,
          fault: faults[nth % faults.length] ?? faults[0],
        });
        const at = (): string => `${nth}: ${hit}`;
        await shop.succeeds(command, { vars: { round: nth + 1 } }).catch((error: Error) => {
          throw new Error(`${at()}\n${error.message}`);
        });
        standIn.database.faults.length = 0;
        assert.equal(await state(shop), expected(nth + 1), at());
      }
      assert.ok(nth > 4);
    });
};
