// A fault at the n-th statement of a snapshot, for each n: each version is there once.
import * as assert from 'uvu/assert';
import type { Fault } from '../stand-in/database.ts';
import { serializationError } from '../stand-in/errors.ts';
import type { Theme } from './shop.ts';
import { standInOf } from './warehouses.ts';

const FAULTS: readonly [Fault, ...Fault[]] = [{ cut: 'after' }, { cut: 'before' }, { error: serializationError('100200') }];

const FILES = {
  'snapshots/history.sql': `{% snapshot history %}{{ config(unique_key='id', strategy='check', check_cols='all') }}
select 1 as id, {{ var('round') }} as round{% endsnapshot %}`,
  'tests/rounds.sql': "select round from {{ ref('history') }} where round < 1",
};

export const snapshotFaults: Theme = (scenario) => {
  for (const command of ['snapshot', 'build'])
    scenario(`${command}: 1023 or a lost connection at each change, in turn: each version is there once`, async (open) => {
      const shop = await open(FILES, { target: { threads: 1 } });
      const standIn = standInOf(shop.target);
      let rounds = 1;
      await shop.succeeds('build', { vars: { round: rounds } });
      for (const fault of FAULTS) {
        let hit: string | undefined = 'the first';
        for (let nth = 1; hit !== undefined; nth++) {
          hit = undefined;
          let count = 0;
          standIn.plan({
            when: ({ kind }, sql) => {
              if (kind === 'set' || kind === 'select' || kind === 'begin' || /\bpg_catalog\.|\bsvv_/.test(sql)) return false;
              if (++count === nth) hit = sql;
              return true;
            },
            nth,
            fault,
          });
          await shop.succeeds(command, { vars: { round: ++rounds } }).catch((error: Error) => {
            throw new Error(`${nth}: ${hit}\n${error.message}`);
          });
          standIn.database.faults.length = 0;
          assert.equal(
            [
              await shop.rows(`select count(*), count(distinct round), count(case when dbt_valid_to is null then 1 end),
max(case when dbt_valid_to is null then round end) from history`),
              await shop.relations(),
            ],
            [[[rounds, rounds, 1, rounds].map(String)], ['history (table)']],
            `${nth}: ${hit}`,
          );
        }
      }
      assert.ok(rounds > 12);
    });
};
