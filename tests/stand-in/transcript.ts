// A transcript of the stand-in, read by the trees of its statements: which make a transaction together, what each changes and
// reads, and the whole as text in which nothing is of one run alone.
import { all, check, type Node, placeOf, type QualifiedName, type Statement, scopesOf } from '../../src/lint/redshift/index.ts';
import type { TranscriptEntry } from './database.ts';

export interface Said extends TranscriptEntry {
  readonly tree: Statement;
  /** Of the statement in the transcript. */
  readonly at: number;
}
/** What one session said from BEGIN to COMMIT or ROLLBACK, or one statement outside of these. */
export interface Unit {
  readonly isTransaction: boolean;
  readonly statements: readonly Said[];
}

export function said(transcript: readonly TranscriptEntry[]): readonly Said[] {
  return transcript.map((entry, at) => {
    const tree = check(entry.sql)[0]?.tree;
    if (!tree) throw new Error(`not understood: ${entry.sql}`);
    return { ...entry, tree, at };
  });
}

/** Of a statement that did what it says. */
const commandOf = ({ tree, outcome }: Said): string | undefined =>
  tree.kind === 'command' && outcome === 'done' ? tree.command : undefined;

/** Of each session, in the order in which they begin. */
export function unitsOf(statements: readonly Said[]): readonly Unit[] {
  const units: Unit[] = [];
  const open = new Map<number, Said[]>();
  for (const one of statements) {
    const command = commandOf(one);
    const within = open.get(one.session);
    within?.push(one);
    if (command === 'begin') {
      const begun = [one];
      open.set(one.session, begun);
      units.push({ isTransaction: true, statements: begun });
    } else if (!within) units.push({ isTransaction: false, statements: [one] });
    else if (command === 'commit' || command === 'rollback') open.delete(one.session);
  }
  return units;
}

/** Without schema and database. */
export const nameOf = ({ parts }: QualifiedName): string => parts.at(-1)?.value ?? '';
const schemaOf = ({ parts }: QualifiedName): string | undefined => parts.at(-2)?.value;

export type How = 'made' | 'gone' | 'altered' | 'rows';
export interface Changed {
  readonly how: How;
  readonly name: QualifiedName;
}
/** Relations that come, go, get another name or other rows. */
export function changesOf({ tree }: Said): readonly Changed[] {
  switch (tree.kind) {
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
    case 'copy':
      return [{ how: 'rows', name: tree.table }];
    case 'create-table':
    case 'create-table-as':
    case 'create-view':
    case 'create-materialized-view':
      return [{ how: 'made', name: tree.name }];
    case 'alter-table': {
      const [database, schema] = tree.name.parts;
      const renames = tree.actions.flatMap((action) => (action.what === 'rename to' ? [action.to] : []));
      const made = renames.map((to): Changed => ({ how: 'made', name: { ...tree.name, parts: [database, schema ?? to, to] } }));
      return [{ how: renames.length > 0 ? 'gone' : 'altered', name: tree.name }, ...made];
    }
    case 'command': {
      if (!/^(?:drop|truncate)\b/.test(tree.command)) return [];
      return tree.slots.flatMap(({ node }) => (node.kind === 'qualified-name' ? [{ how: 'gone' as const, name: node }] : []));
    }
    default:
      return [];
  }
}

/** Tables and views of data, not the catalogue, that the statement reads. */
export const readsOf = ({ tree }: Said): readonly QualifiedName[] =>
  scopesOf(tree).flatMap(({ relations }) => relations.filter((relation) => placeOf(relation) === 'compute'));

/** Of dwh's own tables, in its state schema. */
export const isState = (name: QualifiedName): boolean => schemaOf(name) === '_dwh';
export const isLease = (name: QualifiedName): boolean => isState(name) && nameOf(name).startsWith('lease_');
/** What dwh makes beside a relation. */
export const isBeside = (name: QualifiedName): boolean => nameOf(name).includes('__dwh_');
/** What readers of the project's relations may see. */
export const isPublic = (name: QualifiedName): boolean => !isState(name) && !isBeside(name);

/** Columns whose values are of a run, not of what it does. */
const OF_A_RUN = new Set(['run', 'host', 'machine', 'process', 'born', 'loaded_at']);

/** Values of those columns, and the manifest, whose name is a hash. */
function ofARun({ tree }: Said): readonly Node[] {
  const assigned = all(tree, 'assignment').flatMap(({ column, value }) => (OF_A_RUN.has(column.value) ? [value] : []));
  if (tree.kind === 'copy') return [tree.source];
  if (tree.kind !== 'insert' || tree.source.kind !== 'values') return assigned;
  const places = tree.columns?.flatMap(({ value }, index) => (OF_A_RUN.has(value) ? [index] : [])) ?? [];
  return tree.source.rows.flatMap(({ values }) => places.flatMap((place) => values[place] ?? []));
}

function normalised(one: Said): string {
  const literals = ofARun(one).flatMap((node) => (node.kind === 'literal' && node.type !== 'null' ? [node] : []));
  return literals.reverse().reduce((text, { start, end, value }) => {
    const folder = one.tree.kind === 'copy' ? value.slice(0, value.lastIndexOf('/') + 1) : '';
    return `${text.slice(0, start)}'${folder}…'${text.slice(end)}`;
  }, one.sql);
}

const isQuestion = (one: Said): boolean => one.tree.kind === 'query';
const shortened = ({ tree }: Said): string => {
  const names = new Set(scopesOf(tree).flatMap(({ relations }) => relations.map(nameOf)));
  return `-- reads ${[...names].join(', ') || 'no relation'}`;
};
const textOf = (one: Said, questions: boolean): string => {
  const text = isQuestion(one) && !questions ? shortened(one) : `${normalised(one)};`;
  return one.outcome === 'done' ? text : `${text}\n-- ${one.outcome}`;
};

/**
 * What the sessions said that do more than to watch over the lease: a sign of life comes when it is time. `questions`: queries
 * are shown whole, else what they read.
 */
export function transcriptText(statements: readonly Said[], { questions }: { readonly questions: boolean }): string {
  const watches = (session: number): boolean =>
    statements
      .filter((one) => one.session === session && one.kind !== 'set')
      .every((one) => [...readsOf(one), ...changesOf(one).map(({ name }) => name)].every(isLease));
  const shown = statements.filter(({ session }) => !watches(session));
  let text = '';
  let isShort = false;
  for (const { statements: together } of unitsOf(shown)) {
    const wasShort = isShort;
    isShort = !questions && together.every(isQuestion);
    text += `${wasShort && isShort ? '' : '\n'}${together.map((one) => textOf(one, questions)).join('\n')}\n`;
  }
  return text.slice(1);
}
