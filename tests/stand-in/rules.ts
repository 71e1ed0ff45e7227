// What every transcript of dwh must be like, as rules on the trees of its statements. Each gives the statements that break it.
import { all, check, outsideOnly, scopesOf } from '../../src/lint/redshift/index.ts';
import type { TranscriptEntry } from './database.ts';
import { changesOf, isBeside, isLease, isPublic, isState, nameOf, readsOf, type Said, said, type Unit, unitsOf } from './transcript.ts';

export type Rule = (unit: Unit) => readonly Said[];

/** https://docs.aws.amazon.com/redshift/latest/dg/c_redshift-sql.html */
const MAX_BYTES = 16 << 20;
/** Of the leader node alone. https://docs.aws.amazon.com/redshift/latest/dg/c_sql-functions-leader-node.html */
const CLOCKS = new Set([
  'now',
  'current_timestamp',
  'localtimestamp',
  'transaction_timestamp',
  'statement_timestamp',
  'clock_timestamp',
  'timeofday',
]);

const each =
  (breaks: (one: Said, unit: Unit) => boolean): Rule =>
  (unit) =>
    unit.statements.filter((one) => breaks(one, unit));

/** A schema only goes where a macro asks for that. */
const cascades = ({ tree }: Said): boolean =>
  (tree.kind === 'command' &&
    tree.command !== 'drop schema' &&
    tree.slots.some(({ node }) => node.kind === 'word' && node.value === 'cascade')) ||
  (tree.kind === 'alter-table' && tree.actions.some((action) => 'behavior' in action && action.behavior === 'cascade'));

/** A transaction in which something comes in sight of readers that was staged before. */
const publishes = ({ statements }: Unit): boolean =>
  statements.some((one) => one.tree.kind !== 'copy' && changesOf(one).some(({ name }) => isPublic(name))) &&
  !statements.some(({ tree }) => tree.kind === 'copy');

/** Asked for when a publication begins: they may have changed while tests ran. */
const readsRights = ({ tree }: Said): boolean =>
  scopesOf(tree).some(({ relations }) => relations.some((relation) => nameOf(relation) === 'svv_relation_privileges'));

const isCommand = ({ tree }: Said, command: string): boolean => tree.kind === 'command' && tree.command === command;

/** They hold also where a statement fails, or is of a hook of the user's. */
export const RULES: Readonly<Record<string, Rule>> = {
  'the grammar admits each statement': each(({ sql }, { isTransaction }) =>
    check(sql, { state: { inTransaction: isTransaction } }).some(({ refused }) => refused),
  ),
  'nothing cascades': each(cascades),
  'the time is GETDATE() or SYSDATE': each(({ tree }) => all(tree, 'call').some(({ name }) => CLOCKS.has(nameOf(name).toLowerCase()))),
  'a late-binding view names the schema of all that it reads': each(
    ({ tree }) =>
      tree.kind === 'create-view' &&
      tree.noSchemaBinding &&
      scopesOf(tree).some(({ relations }) => relations.some(({ parts }) => parts.length < 2)),
  ),
  'no statement has parameters, or more than 16 MB': each(
    ({ sql, tree }) => Buffer.byteLength(sql) > MAX_BYTES || all(tree, 'parameter').length > 0,
  ),
  'what cannot be in a transaction is in none, and nothing ends one by the way': each(
    (one, { isTransaction }) => isTransaction && (outsideOnly(one.tree) !== undefined || isCommand(one, 'truncate')),
  ),
  'a transaction begins with what it changes or locks, or with who has rights on what it replaces': (unit) => {
    const [first, second] = unit.statements.filter((one) => !isCommand(one, 'begin'));
    return unit.isTransaction && first && second && first.tree.kind === 'query' && !readsRights(first) ? [first] : [];
  },
  'COPY stands in one transaction with its ledger, behind the lock, which nothing is read before': (unit) => {
    // What is written of loads may go by COPY as well, where it is much, and so may rows of this machine.
    const isLoad = ({ tree }: Said): boolean => tree.kind === 'copy' && !isState(tree.table) && !tree.source.value.includes('/rows/');
    const copies = unit.statements.filter(isLoad);
    if (copies.length === 0) return [];
    const [begin, lock, ...rest] = unit.statements;
    const isLocked = begin && lock && unit.isTransaction && isCommand(lock, 'lock') && all(lock.tree, 'qualified-name').some(isState);
    const writes = rest.findIndex(
      ({ tree }) => (tree.kind === 'insert' || tree.kind === 'copy') && isState(tree.table) && nameOf(tree.table) === 'load_files',
    );
    const ends = rest.findIndex((one) => isCommand(one, 'commit'));
    if (unit.isTransaction && ends < 0) return [];
    const isRecorded = writes > rest.findLastIndex(isLoad) && ends > writes;
    return isLocked && isRecorded ? [] : copies;
  },
};

/** They hold where all goes well, and tests stand between what is staged and what is published. */
export const OF_BUILDS: Readonly<Record<string, Rule>> = {
  'what is changed has its schema before its name': each((one) => changesOf(one).some(({ name }) => name.parts.length < 2)),
  'a transaction changes something': (unit) =>
    unit.isTransaction && unit.statements.every((one) => changesOf(one).length === 0) ? unit.statements : [],
  'a publication reads nothing but what was staged, makes no table of a query': (unit) => {
    if (!publishes(unit)) return [];
    return unit.statements.filter((one) => {
      if (one.tree.kind === 'create-table-as') return true;
      // What it shows is read by others, later.
      if (one.tree.kind === 'create-view') return false;
      const own = new Set(changesOf(one).map(({ name }) => nameOf(name)));
      return readsOf(one).some((name) => !isBeside(name) && !own.has(nameOf(name)));
    });
  },
  'a relation goes only where another takes its name in the same transaction': (unit) => {
    const changes = unit.statements.flatMap((one) => changesOf(one).map((change) => ({ ...change, one })));
    const made = changes.flatMap(({ how, name }) => (how === 'made' ? [nameOf(name)] : []));
    return changes.flatMap(({ how, name, one }) => (how === 'gone' && isPublic(name) && !made.includes(nameOf(name)) ? [one] : []));
  },
};

/** Each rule that is broken, with the statements that break it. */
export const broken = (units: readonly Unit[], rules: Readonly<Record<string, Rule>>): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries(rules)
      .map(([title, rule]) => [title, units.flatMap((unit) => rule(unit)).map(({ sql }) => sql)] as const)
      .filter(([, found]) => found.length > 0),
  );

/** The rules that dwh broke: the first session is the test's own. What the grammar does not know was refused as a whole. */
export const brokenByDwh = (transcript: readonly TranscriptEntry[]): Readonly<Record<string, readonly string[]>> =>
  broken(unitsOf(said(transcript.filter(({ session, kind }) => session > 0 && kind !== undefined))), RULES);

/** Commits of changes of the project's before which nobody looked whether the lease is still held. */
export function unwatched(units: readonly Unit[], transcript: readonly Said[]): readonly Said[] {
  return units.flatMap(({ isTransaction, statements }) => {
    const commit = statements.at(-1);
    if (!isTransaction || !commit || !isCommand(commit, 'commit')) return [];
    const isOfProject = statements.some((one) => changesOf(one).some(({ name }) => !isState(name)));
    const last = statements.at(-2)?.at ?? 0;
    const looked = transcript.slice(last + 1, commit.at).some((one) => one.tree.kind === 'query' && readsOf(one).some(isLease));
    return isOfProject && !looked ? [commit] : [];
  });
}
