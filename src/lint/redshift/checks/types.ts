// Types: which a column may have, which exist, and what their numbers may be.
// https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
import type { Emit } from '../finding.ts';
import type { ColumnDefinition } from '../tree/definitions.ts';
import type { TypeName } from '../tree/leaves.ts';
import { catalogTypes, columnTypes, unsupportedTypes } from '../words/types.ts';

const instead: Readonly<Record<string, string>> = {
  serial: 'Write integer identity(1, 1).',
  bigserial: 'Write bigint identity(1, 1).',
  smallserial: 'Write integer identity(1, 1).',
  uuid: 'Write char(36).',
  json: 'Write super, or varchar(max).',
  jsonb: 'Write super, or varchar(max).',
  bytea: 'Write varbyte.',
  blob: 'Write varbyte.',
  money: 'Write decimal(19, 2).',
  xml: 'Write varchar(max).',
  inet: 'Write varchar(45).',
  string: 'Write varchar(n).',
  tinyint: 'Write smallint.',
  hugeint: 'Write decimal(38, 0).',
  uinteger: 'Write bigint.',
  timestamp_ntz: 'Write timestamp.',
  variant: 'Write super.',
  array: 'Write super.',
};

const written = ({ name, args, array }: TypeName): string => `${name}${args.length > 0 ? `(${args.join(',')})` : ''}${array ? '[]' : ''}`;

/** A column's type in a table. */
export function checkColumnType(column: ColumnDefinition, table: string, emit: Emit): void {
  const { type } = column;
  const values = { type: written(type), table, column: column.name.value, instead: instead[type.name] ?? '' };
  if (type.array || unsupportedTypes.has(type.name)) emit('unsupported-type', type, values, instead[type.name]);
  else if (!Object.hasOwn(columnTypes, type.name)) emit('unknown-type', type, { ...values, type: type.name }, instead[type.name]);
  else checkLength(type, emit);
}

/** A type in a cast, in a signature, before a literal: the catalogs' own are known there, too. */
export function checkType(type: TypeName, emit: Emit): void {
  if (Object.hasOwn(columnTypes, type.name) && !type.array) checkLength(type, emit);
  else if (!catalogTypes.has(type.name) || type.array)
    emit('unknown-type', type, { type: type.array ? `${type.name}[]` : type.name, instead: instead[type.name] ?? '' }, instead[type.name]);
}

const most: Readonly<Record<string, number>> = { varchar: 65_535, char: 4096, varbyte: 16_777_216 };

function checkLength(type: TypeName, emit: Emit): void {
  const { name, args } = type;
  const wrong = (takes: string, says: string): void => emit('type-length', type, { type: name, takes, says });
  const { args: allowed = 0, max } = columnTypes[name] ?? {};
  const limit = most[name];
  const [first, second] = args;
  if (args.length > allowed && name !== 'timestamp' && name !== 'timestamptz' && name !== 'time')
    wrong(allowed === 0 ? 'no numbers' : `${allowed} at most`, `type "${name}" does not take so many modifiers`);
  else if (args.includes('max') && !max) wrong('numbers', `type "${name}" does not take MAX`);
  else if (limit !== undefined && typeof first === 'number') {
    if (first < 1) wrong(`1 to ${limit} bytes`, `length for type ${name} must be at least 1`);
    else if (first > limit) wrong(`1 to ${limit} bytes`, `length for type ${name} cannot exceed ${limit}`);
  } else if (name === 'decimal' && typeof first === 'number') {
    if (first < 1 || first > 38) wrong('a precision of 1 to 38', `DECIMAL precision ${first} must be between 1 and 38`);
    else if (typeof second === 'number' && second > first)
      wrong('a scale of at most the precision', `DECIMAL scale ${second} must be between 0 and precision ${first}`);
  }
}
