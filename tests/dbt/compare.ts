// What two records of the same steps differ in: exit statuses, artifacts, and tables cell by cell.
import { isMapping } from '../../src/core/config-reader.ts';
import type { Engine } from '../dbt-projects/steps.ts';
import { ARTIFACTS, type Artifact, type Json, type Recorded, type Table } from './sides.ts';

export interface Difference {
  readonly project: string;
  readonly engine: Engine;
  /** Of the first step that shows it, from 1; 0: of the tables at the end. */
  readonly step: number;
  /** Of that step: 'run', 'source freshness'; '': of the tables at the end. */
  readonly command: string;
  /** 'manifest.json nodes.model.shop.orders.config.tags'. */
  readonly path: string;
  readonly dbt: unknown;
  readonly dwh: unknown;
}

type Found = Omit<Difference, 'project' | 'engine' | 'command'>;

/** Keys that say when, where or by which program; and that differ between two runs of dbt too. */
const OF_THE_RUN: Readonly<Record<Artifact, RegExp>> = {
  'manifest.json': /^metadata\.|\.(created_at|build_path|compiled_path|root_path)$|\.config_call_dict$/,
  'run_results.json': /^metadata\.|^elapsed_time$|^args\b|\.timing\b|\.(thread_id|execution_time|message)$/,
  'sources.json': /^metadata\.|^elapsed_time$|\.timing\b|\.(thread_id|execution_time|max_loaded_at_time_ago_in_s|snapshotted_at)$/,
  'catalog.json': /^metadata\./,
};

/** Lists whose order says nothing. */
const UNORDERED = /^(parent_map|child_map|group_map)\.|\.depends_on\.(nodes|macros)$|\.tags$/;
const SQL = /\.compiled_code$/;
const BUILTIN = new Set<unknown>(['dbt', 'dbt_duckdb', 'dbt_postgres', 'dwh']);

export function differences(project: string, engine: Engine, dbt: Recorded, dwh: Recorded): readonly Difference[] {
  const found = new Map<string, Difference>();
  const add = (one: Found): void => {
    const key = JSON.stringify([one.path, one.dbt, one.dwh]);
    if (!found.has(key)) found.set(key, { project, engine, command: commandOf(dbt.steps[one.step - 1]?.args ?? []), ...one });
  };
  for (const [index, theirs] of dbt.steps.entries()) {
    const ours = dwh.steps[index];
    const step = index + 1;
    // Where nothing ran there is nothing to compare, and a project has no such step.
    if (theirs.exit !== ours?.exit || theirs.exit === 2)
      add({ step, path: 'exit', dbt: [theirs.exit, theirs.error].join(' '), dwh: [ours?.exit, ours?.error].join(' ') });
    for (const name of ARTIFACTS) {
      const [left, right] = [theirs.artifacts[name], ours?.artifacts[name]];
      if (!left || !right) {
        if (left || right) add({ step, path: name, dbt: left && 'written', dwh: right && 'written' });
        continue;
      }
      const paths = new Set<string>();
      for (const [path, value, other] of unequal(general(name, left), general(name, right), [])) {
        if (OF_THE_RUN[name].test(path) || paths.has(path)) continue;
        paths.add(path);
        add({ step, path: `${name} ${path}`, dbt: value, dwh: other });
      }
    }
  }
  for (const name of new Set([...Object.keys(dbt.tables), ...Object.keys(dwh.tables)])) {
    for (const one of unequalTables(name, dbt.tables[name], dwh.tables[name])) add(one);
  }
  return [...found.values()];
}

/** Its words up to the first option. */
const commandOf = (args: readonly string[]): string => {
  const end = args.findIndex((word) => word.startsWith('-'));
  return args.slice(0, end < 0 ? args.length : end).join(' ');
};

/** Results by id, and macros without those that come with the program. */
function general(name: Artifact, artifact: Json): Json {
  if (name === 'manifest.json') {
    const own = (section: unknown): Json =>
      Object.fromEntries(
        Object.entries(isMapping(section) ? section : {}).filter(([, one]) => !isMapping(one) || !BUILTIN.has(one.package_name)),
      );
    return { ...artifact, macros: own(artifact.macros), docs: own(artifact.docs) };
  }
  if (!Array.isArray(artifact.results)) return artifact;
  const results = (artifact.results as readonly Json[]).map((one) => [String(one.unique_id), one]);
  return { ...artifact, results: Object.fromEntries(results) };
}

type Unequal = readonly [path: string, left: unknown, right: unknown];

function* unequal(left: unknown, right: unknown, path: readonly string[]): Generator<Unequal, void> {
  if (isMapping(left) && isMapping(right)) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) yield* unequal(left[key], right[key], [...path, key]);
    return;
  }
  if (Array.isArray(left) && Array.isArray(right) && left.length === right.length && left.some(isMapping)) {
    for (const [index, item] of left.entries()) yield* unequal(item, right[index], [...path, String(index)]);
    return;
  }
  const where = path.join('.');
  if (!same(left, right, where)) yield [where, left, right];
}

function same(left: unknown, right: unknown, where: string): boolean {
  if (Array.isArray(left) && Array.isArray(right) && UNORDERED.test(where)) return text(sorted(left)) === text(sorted(right));
  if (typeof left === 'string' && typeof right === 'string' && SQL.test(where)) return withoutBlanks(left) === withoutBlanks(right);
  // What nobody wrote is null here and absent there.
  if (where.includes('.unrendered_config.') && (left ?? null) === null && (right ?? null) === null) return true;
  return text(left) === text(right);
}

const sorted = (list: readonly unknown[]): readonly unknown[] => [...list].map(text).sort();
const withoutBlanks = (sql: string): string => sql.replace(/\s+/g, '');

/** JSON with keys in an order. */
const text = (value: unknown): string =>
  value === undefined
    ? 'absent'
    : JSON.stringify(value, (_, inner: unknown) =>
        isMapping(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
      );

/** All times that projects write lie before this: later ones are of the run. */
const THIS_RUN = /^20(2[5-9]|[3-9]\d)-\d\d-\d\d \d\d:\d\d:\d\d/;

/** Times of the runs by their order, and ids that are made of such a time without it. */
export function withoutNow({ columns, rows }: Table): Table['rows'] {
  const times = [...new Set(rows.flat().filter((cell) => cell !== null && THIS_RUN.test(cell)))].sort();
  const [id, updated] = ['dbt_scd_id', 'dbt_updated_at'].map((name) => columns.findIndex(([column]) => column === name));
  return rows.map((row) => {
    const isNew = THIS_RUN.test(row[updated ?? -1] ?? '');
    return row.map((cell, column) => {
      if (isNew && column === id) return 'of the run';
      return cell !== null && THIS_RUN.test(cell) ? `run ${times.indexOf(cell)}` : cell;
    });
  });
}

function unequalTables(name: string, dbt: Table | undefined, dwh: Table | undefined): readonly Found[] {
  const path = `table ${name}`;
  if (!dbt || !dwh) return [{ step: 0, path, dbt: dbt && 'exists', dwh: dwh && 'exists' }];
  if (text(dbt.marks) !== text(dwh.marks)) return [{ step: 0, path: `${path} marks`, dbt: dbt.marks, dwh: dwh.marks }];
  if (text(dbt.columns) !== text(dwh.columns)) return [{ step: 0, path: `${path} columns`, dbt: dbt.columns, dwh: dwh.columns }];
  const [theirs, ours] = [sorted(withoutNow(dbt)), sorted(withoutNow(dwh))];
  const only = (some: readonly unknown[], others: readonly unknown[]): readonly unknown[] => {
    const left = [...others];
    return some.filter((row) => {
      const at = left.indexOf(row);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  };
  const [missing, extra] = [only(theirs, ours), only(ours, theirs)];
  return missing.length + extra.length === 0 ? [] : [{ step: 0, path: `${path} rows`, dbt: missing, dwh: extra }];
}
