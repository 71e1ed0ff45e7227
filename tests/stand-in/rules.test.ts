// Each rule on transcripts is broken by what it is there for, and by nothing that dwh may say.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { broken, brokenByDwh, OF_BUILDS, RULES, unwatched } from './rules.ts';
import { said, transcriptText, unitsOf } from './transcript.ts';

const test = suite('rules on transcripts');

type Spoken = string | readonly [session: number, sql: string];
const transcript = (...spoken: readonly Spoken[]) =>
  spoken.map((one) => {
    const [session, sql] = typeof one === 'string' ? [1, one] : one;
    return { session, sql, kind: 'known', outcome: 'done' };
  });
const ALL = { ...RULES, ...OF_BUILDS };
const unitsIn = (...spoken: readonly Spoken[]) => unitsOf(said(transcript(...spoken)));
const brokenIn = (...spoken: readonly Spoken[]): readonly string[] => Object.keys(broken(unitsIn(...spoken), ALL));

const LOCK = 'lock table _dwh.load_locks';
const COPY = "copy star.events from 's3://data/events' iam_role default";
const LEDGER = "insert into _dwh.load_files (file_key) values ('a')";
const NEXT = 'create table star.orders__dwh_next as select id from star.raw';
const FILL = 'insert into star.orders select id from star.orders__dwh_next';

const CASES: Readonly<Record<string, readonly (readonly Spoken[])[]>> = {
  'the grammar admits each statement': [['select array_agg(id) from star.orders']],
  'nothing cascades': [['drop table star.orders__dwh_next cascade'], ['alter table star.orders drop column id cascade']],
  'the time is GETDATE() or SYSDATE': [['update star.orders set at = now()'], ['select current_timestamp']],
  'a late-binding view names the schema of all that it reads': [
    ['create view star.latest as select id from star.orders where id in (select id from items) with no schema binding'],
  ],
  'no statement has parameters, or more than 16 MB': [['select id from star.orders where id = $1'], [`select '${'x'.repeat(16 << 20)}'`]],
  'what cannot be in a transaction is in none, and nothing ends one by the way': [
    ['begin', 'insert into star.orders values (1)', 'truncate star.orders__dwh_next', 'commit'],
    ['begin', 'alter table star.orders alter column name type varchar(40)', 'insert into star.orders values (1)', 'commit'],
  ],
  'a transaction begins with what it changes or locks, or with who has rights on what it replaces': [
    ['begin', 'select nspname from pg_catalog.pg_namespace', 'create table star.orders (id int)', 'commit'],
  ],
  'COPY stands in one transaction with its ledger, behind the lock, which nothing is read before': [
    [COPY],
    ['begin', COPY, LEDGER, 'commit'],
    ['begin', LOCK, COPY, 'commit', LEDGER],
    ['begin', 'select count(*) from _dwh.load_files', LOCK, COPY, LEDGER, 'commit'],
    ['begin', LOCK, LEDGER, COPY, 'commit'],
  ],
  'what is changed has its schema before its name': [['insert into orders values (1)'], ['drop table orders__dwh_next']],
  'a transaction changes something': [
    ['begin', 'commit'],
    ['begin', LOCK, 'commit'],
  ],
  'a publication reads nothing but what was staged, makes no table of a query': [
    ['begin', NEXT, FILL, 'commit'],
    ['begin', 'delete from star.orders', 'insert into star.orders select id from star.raw', 'commit'],
    ['begin', 'delete from star.orders using star.raw where star.orders.id = star.raw.id', FILL, 'commit'],
    ['begin', 'delete from star.orders', 'select count(*) from star.raw', FILL, 'commit'],
  ],
  'a relation goes only where another takes its name in the same transaction': [
    ['drop table star.orders'],
    ['begin', 'drop table star.orders', 'commit', 'alter table star.orders__dwh_next rename to orders'],
    ['alter table star.orders rename to orders_old'],
  ],
};

for (const [title, transcripts] of Object.entries(CASES))
  test(`broken: ${title}`, () => {
    for (const spoken of transcripts) assert.ok(brokenIn(...spoken).includes(title), JSON.stringify(spoken).slice(0, 200));
  });

test('every rule is broken by a case', () => {
  assert.equal(Object.keys(CASES).sort(), Object.keys(ALL).sort());
});

test('what dwh says breaks none', () => {
  const published = ['begin', 'delete from star.orders', FILL, 'drop table if exists star.orders__dwh_next', 'commit'];
  const swapped = ['begin', 'drop table star.orders', 'alter table star.orders__dwh_next rename to orders', 'commit'];
  assert.equal(
    brokenIn('begin', LOCK, 'select count(*) from _dwh.load_files', COPY, LEDGER, 'commit', 'begin', NEXT, 'commit', ...published),
    [],
  );
  assert.equal(brokenIn(...swapped), []);
});

test('sessions have transactions of their own, and a BEGIN that failed begins none', () => {
  assert.equal(brokenIn('begin', [2, 'select 1'], LOCK, [2, COPY], COPY, LEDGER, 'commit'), [
    'COPY stands in one transaction with its ledger, behind the lock, which nothing is read before',
  ]);
  const [failed, ...rest] = transcript('begin', 'select id from star.orders', 'commit');
  const units = unitsOf(said([...(failed ? [{ ...failed, outcome: 'XX000' }] : []), ...rest]));
  assert.equal(
    units.map(({ isTransaction }) => isTransaction),
    [false, false, false],
  );
});

test('of the first session nothing is asked, nor of what was refused', () => {
  const cascade = 'drop table star.orders cascade';
  assert.equal(brokenByDwh(transcript([0, cascade])), {});
  assert.equal(brokenByDwh([{ session: 1, sql: 'drop tables', kind: undefined, outcome: 'refused' }]), {});
  assert.equal(brokenByDwh(transcript(cascade)), { 'nothing cascades': [cascade] });
});

test('a commit of the project has to come behind a look at the lease', () => {
  const look: Spoken = [2, 'select token from _dwh.lease_star'];
  const unwatchedIn = (...spoken: readonly Spoken[]): number => {
    const all = said(transcript(...spoken));
    return unwatched(unitsOf(all), all).length;
  };
  assert.is(unwatchedIn('begin', FILL, look, 'commit'), 0);
  assert.is(unwatchedIn('begin', look, FILL, 'commit'), 1);
  assert.is(unwatchedIn('begin', LEDGER, 'commit'), 0);
});

test('a text is without what is of one run', () => {
  const text = transcriptText(
    said(
      transcript(
        "update _dwh.lease_star set token = token + 1, run = 'a1', process = 7 where run is null",
        [2, 'select token from _dwh.lease_star'],
        'begin',
        "copy star.events from 's3://work/manifests/0a80.json' iam_role default manifest",
        "insert into _dwh.load_files (file_key, loaded_at) values ('a', '2026-01-01'), ('b', '2026-01-02')",
        'commit',
        'select id from star.orders join star.raw using (id)',
        'select 1',
      ),
    ),
    { questions: false },
  );
  assert.is(
    text,
    `update _dwh.lease_star set token = token + 1, run = '…', process = '…' where run is null;

begin;
copy star.events from 's3://work/manifests/…' iam_role default manifest;
insert into _dwh.load_files (file_key, loaded_at) values ('a', '…'), ('b', '…');
commit;

-- reads orders, raw
-- reads no relation
`,
  );
});

test.run();
