// A column as templates see it. https://docs.getdbt.com/reference/dbt-classes#column
import type { Dialect } from '../adapters/dialect.ts';
import type { Column } from '../core/statement.ts';
import { text, toTemplate } from '../template/index.ts';
import type { HostObject, TemplateValue } from '../template/types.ts';
import { hostFunction, hostObject, problemError } from './values.ts';

const STRINGS = /^(text|string|varchar|character|char|bpchar|nvarchar)/i;
const FLOATS = /^(real|float|double)/i;
const INTEGERS = /^(tinyint|smallint|int|bigint|hugeint|utinyint|usmallint|uinteger|ubigint|serial|bigserial)/i;
const NUMERICS = /^(numeric|decimal)/i;

/** What dbt calls types, as a project would write them. */
const LABELS: ReadonlyMap<string, string> = new Map([
  ['STRING', 'text'],
  ['TIMESTAMP', 'timestamp'],
  ['FLOAT', 'float'],
  ['INTEGER', 'integer'],
  ['BOOLEAN', 'boolean'],
]);

interface ColumnParts {
  readonly name: string;
  /** Without its arguments: 'varchar', 'decimal'. */
  readonly dtype: string;
  /** The type as the warehouse writes it, where columns say this for it. */
  readonly written?: string;
  readonly charSize?: number;
  readonly precision?: number;
  readonly scale?: number;
}

/** 'decimal(18,3)' → decimal, 18, 3; 'varchar(256)' → varchar, 256. */
function partsOf({ name, type }: Column): ColumnParts {
  const match = /^([^(]+?)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)$/.exec(type);
  if (!match) return { name, dtype: type };
  const [, dtype = type, first, second] = match;
  if (STRINGS.test(dtype)) return { name, dtype, charSize: Number(first) };
  if (NUMERICS.test(dtype)) return { name, dtype, precision: Number(first), scale: Number(second ?? 0) };
  return { name, dtype: type };
}

const dataType = ({ dtype, charSize, precision, scale }: ColumnParts): string => {
  if (STRINGS.test(dtype)) return charSize === undefined ? dtype : `${dtype}(${charSize})`;
  if (NUMERICS.test(dtype) && precision !== undefined) return `${dtype}(${precision},${scale ?? 0})`;
  return dtype;
};

function fromParts(parts: ColumnParts, dialect: Dialect): HostObject {
  const { name, dtype } = parts;
  const is = (pattern: RegExp): boolean => pattern.test(dtype);
  const size = (): number => {
    if (!is(STRINGS)) throw problemError({ code: 'template-type', message: `column '${name}' is ${dtype}, and has no string size` });
    return parts.charSize ?? 256;
  };
  return hostObject(
    'column',
    {
      name,
      column: name,
      quoted: dialect.quote(name),
      dtype: parts.written ?? dtype,
      data_type: dataType(parts),
      char_size: parts.charSize ?? null,
      numeric_precision: parts.precision ?? null,
      numeric_scale: parts.scale ?? null,
      // Of a struct, elsewhere: these warehouses describe one by its type alone.
      fields: [],
      literal: hostFunction('literal', (args) => `${text(args.need(0, 'value'))}::${dataType(parts)}`),
      is_string: hostFunction('is_string', () => is(STRINGS)),
      is_float: hostFunction('is_float', () => is(FLOATS)),
      is_integer: hostFunction('is_integer', () => is(INTEGERS)),
      is_numeric: hostFunction('is_numeric', () => is(NUMERICS)),
      is_number: hostFunction('is_number', () => is(FLOATS) || is(INTEGERS) || is(NUMERICS)),
      string_size: hostFunction('string_size', size),
      can_expand_to: hostFunction('can_expand_to', (args) => {
        const other = args.need(0, 'other_column');
        if (typeof other !== 'object' || other === null || !('typeName' in other) || other.typeName !== 'column') return false;
        const theirs = other.get('char_size');
        return is(STRINGS) && STRINGS.test(String(other.get('dtype'))) && Number(theirs ?? 256) > size();
      }),
    },
    {
      toText: () => `<Column ${name} (${dataType(parts)})>`,
      equals: (other) =>
        typeof other === 'object' &&
        other !== null &&
        'typeName' in other &&
        other.typeName === 'column' &&
        other.get('name') === name &&
        other.get('data_type') === dataType(parts),
    },
  );
}

export function columnValue({ name, type }: Column, dialect: Dialect): HostObject {
  const written = dialect.templateType(type);
  return fromParts({ ...partsOf({ name, type: written }), ...(dialect.typesAreWhole && { written }) }, dialect);
}

/** `api.Column(column, dtype, char_size, numeric_precision, numeric_scale)` and its makers. */
export function columnClass(dialect: Dialect): HostObject {
  const numberOr = (value: TemplateValue | undefined): number | undefined => (typeof value === 'number' ? value : undefined);
  const make = hostFunction('Column', (args) => {
    const charSize = numberOr(args.get(2, 'char_size'));
    const precision = numberOr(args.get(3, 'numeric_precision'));
    const scale = numberOr(args.get(4, 'numeric_scale'));
    return fromParts(
      {
        name: args.needText(0, 'column'),
        dtype: args.needText(1, 'dtype'),
        ...(charSize !== undefined && { charSize }),
        ...(precision !== undefined && { precision }),
        ...(scale !== undefined && { scale }),
      },
      dialect,
    );
  });
  return hostObject(
    'Column class',
    {
      create: hostFunction('create', (args) =>
        fromParts(partsOf({ name: args.needText(0, 'name'), type: args.needText(1, 'label_or_dtype') }), dialect),
      ),
      TYPE_LABELS: () => new Map([...LABELS].map(([label, type]): [TemplateValue, TemplateValue] => [label, dialect.columnType(type)])),
      translate_type: hostFunction('translate_type', (args) => dialect.columnType(args.needText(0, 'dtype'))),
      numeric_type: hostFunction('numeric_type', (args) => {
        const [precision, scale] = [args.get(1, 'precision'), args.get(2, 'scale')];
        const type = args.needText(0, 'dtype');
        return precision === null || precision === undefined ? type : `${type}(${toTemplate(precision)},${scale ?? 0})`;
      }),
      string_type: hostFunction('string_type', (args) => `character varying(${args.need(0, 'size')})`),
    },
    { call: make.call },
  );
}
