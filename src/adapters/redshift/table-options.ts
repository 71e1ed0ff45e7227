// What a node's config says of its table: dist, sort, sort_type, backup, and columns that are declared with their types.
// https://docs.getdbt.com/reference/resource-configs/redshift-configs, https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
import type { ConfigReader } from '../../core/config-reader.ts';
import type { ColumnSpec } from '../../core/node.ts';
import { type Column, statement } from '../../core/statement.ts';
import type { TableDefinition } from '../constraints.ts';
import { quote } from '../sql.ts';
import type { TableChanges, TableOptions } from '../table-options.ts';
import { BINDS, type Bind } from './bind.ts';
import { literal } from './literal.ts';
import { columnType } from './types.ts';

const DIST_STYLES = ['auto', 'even', 'all'];
const SWAPS = ['in_place', 'rename'] as const;
const SORT_TYPES = ['compound', 'interleaved', 'auto'] as const;
/** https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html: up to 400 columns, interleaved up to 8. */
const MAX_SORT_COLUMNS = { compound: 400, interleaved: 8 };

interface Declared {
  readonly name: string;
  readonly type: string;
  readonly encode: string | undefined;
}

interface RedshiftTableOptions {
  /** 'even', 'all', or undefined for automatic. */
  readonly distStyle: string | undefined;
  readonly distKey: string | undefined;
  readonly sort: readonly string[];
  readonly sortType: (typeof SORT_TYPES)[number];
  readonly backup: boolean | undefined;
  readonly autoRefresh: boolean | undefined;
  readonly declared: readonly Declared[];
  readonly bind: Bind;
  /** How another table's rows are published. */
  readonly swap: (typeof SWAPS)[number];
}

const NONE: RedshiftTableOptions = {
  distStyle: undefined,
  distKey: undefined,
  sort: [],
  sortType: 'compound',
  backup: undefined,
  autoRefresh: undefined,
  declared: [],
  bind: 'auto',
  swap: 'in_place',
};
const own = (options: TableOptions | undefined): RedshiftTableOptions => ({ ...NONE, ...options });

/** Only a view that is bound can have comments on its columns. */
const bindFor = (bind: Bind, config: ConfigReader): Bind =>
  bind === 'auto' && config.has('persist_docs') && config.mapping('persist_docs').boolean('columns') === true ? 'true' : bind;

export function tableOptions(config: ConfigReader, columns: readonly ColumnSpec[]): TableOptions {
  const dist = config.string('dist');
  const style = dist !== undefined && DIST_STYLES.includes(dist.toLowerCase()) ? dist.toLowerCase() : undefined;
  const sort = config.strings('sort');
  const sortType = config.oneOf('sort_type', SORT_TYPES) ?? 'compound';
  const most = sortType === 'auto' ? 0 : MAX_SORT_COLUMNS[sortType];
  if (sort.length > most) {
    const message =
      sortType === 'auto'
        ? "'sort' names columns, and sort_type auto chooses them"
        : `'sort' has ${sort.length} columns, and a sort key of the type ${sortType} takes ${most}`;
    config.problem('config-value', message, undefined, ['sort']);
  }
  const options: RedshiftTableOptions = {
    distStyle: style === 'auto' ? undefined : style,
    distKey: dist !== undefined && style === undefined ? dist : undefined,
    sort,
    sortType,
    backup: config.boolean('backup'),
    autoRefresh: config.boolean('auto_refresh'),
    bind: bindFor(config.oneOf('bind', BINDS) ?? 'auto', config),
    swap: config.oneOf('swap', SWAPS) ?? 'in_place',
    declared: columns.flatMap(({ name, data_type, extra }) =>
      data_type === undefined
        ? []
        : [{ name, type: columnType(data_type), encode: typeof extra.encode === 'string' ? extra.encode : undefined }],
    ),
  };
  return { ...options };
}

export const bindOf = (options: TableOptions | undefined): Bind => own(options).bind;

/** Of a materialized view, behind the attributes of its table. */
export function autoRefresh(options: TableOptions | undefined): string {
  const refreshes = own(options).autoRefresh;
  return refreshes === undefined ? '' : ` auto refresh ${refreshes ? 'yes' : 'no'}`;
}

/** Table attributes, each on its own; the order is the one of the vendor's page. */
export function attributes(options: TableOptions | undefined): string {
  const { distStyle, distKey, sort, sortType, backup } = own(options);
  return [
    ...(backup === undefined ? [] : [` backup ${backup ? 'yes' : 'no'}`]),
    ...(distStyle === undefined ? [] : [` diststyle ${distStyle}`]),
    ...(distKey === undefined ? [] : [` diststyle key distkey(${quote(distKey)})`]),
    ...(sortType === 'auto' ? [' sortkey auto'] : sort.length === 0 ? [] : [` ${sortType} sortkey(${sort.map(quote).join(', ')})`]),
  ].join('');
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The definition of each of the query's columns, when all are declared; CTAS would take string widths from the rows of today. */
export function declaredColumns(options: TableOptions | undefined, columns: readonly Column[]): string | undefined {
  const { declared } = own(options);
  const found = columns.map((column) => declared.find(({ name }) => sameName(name, column.name)));
  if (columns.length === 0 || found.some((one) => one === undefined)) return undefined;
  return found
    .flatMap((one) => (one ? [`${quote(one.name)} ${one.type}${one.encode === undefined ? '' : ` encode ${one.encode}`}`] : []))
    .join(', ');
}

/** `encode` stands before the constraints. */
export const withEncodings = (table: TableDefinition, options: TableOptions | undefined): TableDefinition => ({
  ...table,
  columns: table.columns.map((column) => {
    const encode = own(options).declared.find(({ name }) => sameName(name, column.name))?.encode;
    return encode === undefined ? column : { ...column, constraints: [`encode ${encode}`, ...column.constraints] };
  }),
});

/**
 * Keys only: they are listed to everyone, of schemas in the search path. Styles are not, and Redshift chooses keys by itself
 * where the config names none. https://docs.aws.amazon.com/redshift/latest/dg/r_PG_TABLE_DEF.html
 */
export const tableChanges: TableChanges = {
  matter(options) {
    const { distStyle, distKey, sort } = own(options);
    return distStyle !== undefined || distKey !== undefined || sort.length > 0;
  },
  ask: ({ schema, identifier }) =>
    statement(
      `select "column", distkey, sortkey from pg_table_def where schemaname = ${literal(schema.toLowerCase())} and tablename = ${literal(identifier.toLowerCase())}`,
    ),
  changed(rows, options) {
    if (rows.length === 0) return false;
    const { distStyle, distKey, sort, sortType } = own(options);
    const has = rows.map(([name, isKey, place]) => ({ name: String(name), isKey: String(isKey) === 'true', place: Number(place) }));
    const key = has.find(({ isKey }) => isKey)?.name;
    const sorted = has.filter(({ place }) => place !== 0).sort((a, b) => Math.abs(a.place) - Math.abs(b.place));
    // Of an interleaved key, the places have both signs.
    const isInterleaved = sorted.some(({ place }) => place < 0);
    const named = sorted.map(({ name }) => name).join('\n');
    return (
      (distKey !== undefined && key !== distKey.toLowerCase()) ||
      (distStyle !== undefined && key !== undefined) ||
      (sort.length > 0 && (named !== sort.join('\n').toLowerCase() || isInterleaved !== (sortType === 'interleaved' && sort.length > 1)))
    );
  },
};
