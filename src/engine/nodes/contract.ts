// An enforced contract: the query's columns, as the warehouse describes them, against those of the properties, before anything
// is built; and the table that the contract declares. https://docs.getdbt.com/docs/mesh/govern/model-contracts
import type { TableDefinition } from '../../adapters/constraints.ts';
import type { TableOptions } from '../../adapters/table-options.ts';
import { isMapping } from '../../core/config-reader.ts';
import { CONSTRAINED, type ColumnConstraint, type ModelConstraint } from '../../core/constraints.ts';
import type { Location } from '../../core/location.ts';
import { type ColumnSpec, isRelationNode, type ModelNode } from '../../core/node.ts';
import { fail, type Problem } from '../../core/problem.ts';
import type { Column } from '../../core/statement.ts';
import { drive } from '../answer.ts';
import { renderText } from '../compile.ts';
import type { Run } from '../run.ts';
import { type Session, StatementError } from '../session.ts';

export interface HeldContract {
  /** As the contract names them, in types that the warehouse gave them. */
  readonly columns: readonly Column[];
  /** As the query has them. */
  readonly given: readonly Column[];
  /** undefined: a view, or what else has no constraints. */
  readonly table: TableDefinition | undefined;
  readonly warnings: readonly Problem[];
}

/** Throws DwhError where the query has other columns than its contract. */
export async function heldContract(run: Run, node: ModelNode, sql: string, session: Session): Promise<HeldContract> {
  const declared = declaredColumns(run, node);
  const columns = await describedTypes(run, node, declared, session);
  const given = await session.describe(sql);
  const differences = differencesOf(run, given, columns);
  if (differences.length > 0) fail(brokenContract(node, differences));
  if (!CONSTRAINED.has(node.materialized)) return { columns, given, table: undefined, warnings: [] };
  const { table, warnings } = await tableOf(run, node, declared, session);
  return { columns, given, table, warnings };
}

/** The table that the properties declare, whatever the query gives. */
export const declaredTable = (run: Run, node: ModelNode, session: Session): Promise<Made> =>
  tableOf(run, node, declaredColumns(run, node), session);

/** As `create table` has it behind the name. */
export async function contractBody(run: Run, node: ModelNode, options: TableOptions, session: Session): Promise<string> {
  const { table } = await declaredTable(run, node, session);
  return `(\n  ${run.dialect.tableParts(table, options).join(',\n  ')}\n)`;
}

const isRaw = (value: unknown): value is Readonly<Record<string, unknown>> => isMapping(value);
/** As templates hand them over, with what they may leave out. */
const constraintOf = (raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
  name: null,
  expression: null,
  warn_unenforced: true,
  warn_unsupported: true,
  to: null,
  to_columns: [],
  columns: [],
  ...raw,
});
const constraintsIn = (list: unknown): readonly unknown[] => (Array.isArray(list) ? list.filter(isRaw).map(constraintOf) : []);

/** Columns and constraints as a template has them, each as `create table` writes it. */
export async function constraintTexts(
  run: Run,
  node: ModelNode,
  { columns: raw, constraints }: { readonly columns: readonly unknown[]; readonly constraints: readonly unknown[] },
  session: Session,
): Promise<readonly string[]> {
  const columns = raw.filter(isRaw).map(
    ({ name, data_type, quote, constraints }): ColumnSpec => ({
      name: String(name),
      description: '',
      meta: {},
      tags: [],
      ...(typeof data_type === 'string' && { data_type }),
      ...(quote === true && { quote }),
      extra: { constraints: constraintsIn(constraints) },
    }),
  );
  const asked: ModelNode = { ...node, columns, extra: { ...node.extra, constraints: constraintsIn(constraints) } };
  const { table } = await declaredTable(run, asked, session);
  return run.dialect.tableParts(table);
}

const quotedName = ({ dialect }: Run, { name, quote }: Pick<ColumnSpec, 'name' | 'quote'>): string =>
  quote === true ? name : dialect.unquoted(name);

/** In the types that the properties write. */
function declaredColumns(run: Run, node: ModelNode): readonly Column[] {
  const { contract } = node.config;
  const aliases = !isMapping(contract) || contract.alias_types !== false;
  return node.columns.map((column) => {
    const type = column.data_type ?? '';
    return { name: quotedName(run, column), type: aliases ? run.dialect.columnType(type) : type };
  });
}

/** What the warehouse makes of the types: asked as a query of no rows. */
async function describedTypes(run: Run, node: ModelNode, declared: readonly Column[], session: Session): Promise<readonly Column[]> {
  const empty = declared.map(({ name, type }) => `cast(null as ${type}) as ${run.dialect.quote(name)}`);
  try {
    return await session.describe(`select ${empty.join(', ')} where 1 = 0`);
  } catch (error) {
    if (!(error instanceof StatementError) || error.cause.details.transient || error.cause.details.cancelled) throw error;
    return fail(
      {
        code: 'contract',
        at: Object.values(node.contract?.places ?? {})[0] ?? node.at,
        message: `a data_type that '${node.name}' declares is none of the warehouse's: ${error.message}`,
        hint: `They are: ${declared.map(({ name, type }) => `${name} ${type}`).join(', ')}`,
      },
      { cause: error },
    );
  }
}

interface Difference {
  readonly name: string;
  readonly query: string;
  readonly contract: string;
  readonly why: string;
}

function differencesOf({ dialect }: Run, given: readonly Column[], wanted: readonly Column[]): readonly Difference[] {
  const key = (name: string): string => (dialect.ignoresCase ? name.toLowerCase() : name);
  const inContract = new Map(wanted.map((column) => [key(column.name), column]));
  const inQuery = new Map(given.map((column) => [key(column.name), column]));
  const all = [...new Map([...inQuery, ...inContract]).keys()].sort();
  return all.flatMap((name): Difference[] => {
    const [query, contract] = [inQuery.get(name), inContract.get(name)];
    if (query && contract) {
      if (dialect.contractType(query.type) === dialect.contractType(contract.type)) return [];
      return [{ name: contract.name, query: query.type, contract: contract.type, why: 'of another type' }];
    }
    return query
      ? [{ name: query.name, query: query.type, contract: '', why: 'not in the contract' }]
      : [{ name: contract?.name ?? name, query: '', contract: contract?.type ?? '', why: 'not in the query' }];
  });
}

function brokenContract(node: ModelNode, differences: readonly Difference[]): Problem {
  const places = node.contract?.places ?? {};
  const placeOf = (name: string): Location | undefined =>
    places[name] ?? Object.entries(places).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];
  const [first] = differences;
  const at = first && (placeOf(first.name) ?? Object.values(places)[0]);
  const head = { name: 'column', query: 'in the query', contract: 'in the contract', why: '' };
  const rows = [head, ...differences];
  const width = (key: 'name' | 'query' | 'contract'): number => Math.max(...rows.map((row) => row[key].length));
  const [a, b, c] = [width('name'), width('query'), width('contract')];
  const count = differences.length === 1 ? 'one column differs' : `${differences.length} columns differ`;
  return {
    code: 'contract',
    at: at ?? node.at,
    message: `the query of '${node.name}' does not keep its contract: ${count}`,
    detail: rows.map((row) => {
      const place = row === head ? undefined : placeOf(row.name);
      const why = place ? `${row.why} (${place.file}:${place.line})` : row.why;
      return [row.name.padEnd(a), row.query.padEnd(b), row.contract.padEnd(c), why].join('  ').trimEnd();
    }),
    hint: `Change the query (${node.original_file_path}), or the columns that are described.`,
  };
}

interface Made {
  readonly table: TableDefinition;
  readonly warnings: readonly Problem[];
}

async function tableOf(run: Run, node: ModelNode, declared: readonly Column[], session: Session): Promise<Made> {
  const { dialect } = run;
  const warnings: Problem[] = [];
  const refused = new Set<string>();
  const taken = (constraint: ColumnConstraint): boolean => {
    const { type, warn_unenforced, warn_unsupported } = constraint;
    if (type === 'custom') return true;
    const support = dialect.constraints[type];
    const warns = support === 'not enforced' ? warn_unenforced : support === 'not supported' && warn_unsupported;
    if (warns && !refused.has(type)) warnings.push(unheld(node, type, support, dialect.name));
    if (warns) refused.add(type);
    return support !== 'not supported';
  };
  const nameOf = (written: string): string => {
    if (/^"(?:[^"]|"")*"$/.test(written)) return written;
    const column = node.columns.find(({ name }) => name === written);
    return dialect.quote(column ? quotedName(run, column) : dialect.unquoted(written));
  };
  const list = (columns: readonly string[]): string => `(${columns.map(nameOf).join(', ')})`;
  const target = async ({ to, to_columns, expression }: ColumnConstraint): Promise<string> => {
    if (to === null || to_columns.length === 0) return `references ${expression ?? ''}`;
    const text = renderText(run, node, `{{ ${to} }}`, node.original_file_path);
    const { text: relation } = await drive(text, async () => session, run.catalog);
    const known = node.depends_on.flatMap((id) => {
      const parent = run.manifest.nodes.get(id);
      return parent && isRelationNode(parent) && dialect.relationName(parent.relation) === relation.trim() ? [parent.relation] : [];
    });
    const place = known[0] ? dialect.referencedName(known[0]) : relation.trim();
    // The target's own columns: how they are quoted is not known here.
    const columns = to_columns.map((name) => (/^"/.test(name) ? name : dialect.quote(dialect.unquoted(name))));
    return `references ${place} (${columns.join(', ')})${expression === null ? '' : ` ${expression}`}`;
  };
  const ofColumn = async (constraint: ColumnConstraint): Promise<string> => {
    const more = constraint.expression === null ? '' : ` ${constraint.expression}`;
    switch (constraint.type) {
      case 'check':
        return `check (${constraint.expression ?? ''})`;
      case 'not_null':
        return `not null${more}`;
      case 'unique':
        return `unique${more}`;
      case 'primary_key':
        return `primary key${more}`;
      case 'foreign_key':
        return target(constraint);
      case 'custom':
        return constraint.expression ?? '';
    }
  };
  const ofModel = async (constraint: ModelConstraint): Promise<string | undefined> => {
    const more = constraint.expression === null ? '' : ` ${constraint.expression}`;
    switch (constraint.type) {
      case 'unique':
        return `unique${more} ${list(constraint.columns)}`;
      case 'primary_key':
        return `primary key${more} ${list(constraint.columns)}`;
      case 'foreign_key':
        return `foreign key ${list(constraint.columns)} ${await target(constraint)}`;
      // Its columns have it.
      case 'not_null':
        return undefined;
      default:
        return ofColumn(constraint);
    }
  };
  const own = Array.isArray(node.extra.constraints) ? (node.extra.constraints as readonly ModelConstraint[]) : [];
  const filled = new Set(own.flatMap(({ type, columns }) => (type === 'not_null' ? columns : [])));
  const columns: TableDefinition['columns'][number][] = [];
  for (const [index, { name, type }] of declared.entries()) {
    const spec = node.columns[index];
    const given = Array.isArray(spec?.extra.constraints) ? (spec.extra.constraints as readonly ColumnConstraint[]) : [];
    const constraints: string[] = [];
    for (const constraint of given) if (taken(constraint)) constraints.push(await ofColumn(constraint));
    if (spec && filled.has(spec.name) && !given.some((one) => one.type === 'not_null')) constraints.push('not null');
    columns.push({ name, type, constraints });
  }
  const constraints: TableDefinition['constraints'][number][] = [];
  for (const constraint of own) {
    const sql = taken(constraint) ? await ofModel(constraint) : undefined;
    const isKey = constraint.type === 'unique' || constraint.type === 'primary_key';
    if (sql !== undefined) constraints.push({ name: constraint.name ?? undefined, sql, isKey });
  }
  return { table: { columns, constraints }, warnings };
}

const unheld = (node: ModelNode, type: string, support: string, warehouse: string): Problem => ({
  code: support === 'not enforced' ? 'constraint-not-enforced' : 'constraint-not-supported',
  severity: 'warning',
  at: node.at,
  message:
    support === 'not enforced'
      ? `${warehouse} notes a constraint '${type}', and holds no row to it`
      : `${warehouse} has no constraint '${type}': it is left out of the table`,
  hint: `Test it, too; and say ${support === 'not enforced' ? 'warn_unenforced' : 'warn_unsupported'}: false at the constraint, and this is not said again.`,
});
