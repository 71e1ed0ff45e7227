// The driver's result as columns and rows, without loss: see Value in core/statement.ts. Timestamps with time zone are
// printed in UTC, whatever the session's zone.

import { setImmediate } from 'node:timers/promises';
import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  type DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBListValue,
  DuckDBMapValue,
  type DuckDBMaterializedResult,
  DuckDBStructValue,
  DuckDBStructVector,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  DuckDBUnionValue,
  type DuckDBValue,
  DuckDBVariantValue,
} from '@duckdb/node-api';
import type { Column, Row, Value } from '../../core/statement.ts';
import { dateFromDays, timestampFrom } from './datetime.ts';
import { lowerType } from './types.ts';

/** Chunks have 2,048 rows; after so many, other work gets its turn. */
const CHUNKS_AT_ONCE = 32;

export function resultColumns(result: DuckDBMaterializedResult): readonly Column[] {
  return result.columnNames().map((name, index) => ({ name, type: lowerType(typeText(result.columnType(index))) }));
}

export async function resultRows(result: DuckDBMaterializedResult): Promise<readonly Row[]> {
  const rows: Value[][] = [];
  const chunks = result.chunkCount;
  for (let index = 0; index < chunks; index++) {
    if (index > 0 && index % CHUNKS_AT_ONCE === 0) await setImmediate();
    addRows(rows, result.getChunk(index));
  }
  return rows;
}

function addRows(rows: Value[][], chunk: DuckDBDataChunk): void {
  const first = rows.length;
  const { rowCount, columnCount } = chunk;
  for (let row = 0; row < rowCount; row++) rows.push([]);
  for (let index = 0; index < columnCount; index++) {
    const vector = chunk.getColumnVector(index);
    const { type } = vector;
    const unnamed = vector instanceof DuckDBStructVector && type.typeId === DuckDBTypeId.STRUCT && type.entryNames.includes('');
    const isFloat = type.typeId === DuckDBTypeId.FLOAT;
    for (let row = 0; row < rowCount; row++) {
      // The driver keys fields by name, and those of row(1, 2) have none.
      const value = unnamed
        ? vector.isItemValid(row)
          ? type.entryNames.map((_, entry) => plainValue(vector.getItemValue(row, entry)))
          : null
        : isFloat
          ? floatOf(vector.getItem(row))
          : plainValue(vector.getItem(row));
      rows[first + row]?.push(value);
    }
  }
}

/** The shortest number that is the same float: 0.1, and not 0.10000000149011612. */
function floatOf(value: DuckDBValue): Value {
  if (typeof value !== 'number' || !Number.isFinite(value)) return plainValue(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

export function plainValue(value: DuckDBValue): Value {
  if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? integer(value) : value;
  if (value instanceof DuckDBTimestampValue) return timestampFrom(value.micros, 1_000_000n);
  if (value instanceof DuckDBDateValue) return dateFromDays(value.days);
  if (value instanceof DuckDBTimestampTZValue) return zoned(timestampFrom(value.micros, 1_000_000n));
  if (value instanceof DuckDBTimestampSecondsValue) return timestampFrom(value.seconds, 1n);
  if (value instanceof DuckDBTimestampMillisecondsValue) return timestampFrom(value.millis, 1000n);
  if (value instanceof DuckDBTimestampNanosecondsValue) return timestampFrom(value.nanos, 1_000_000_000n);
  // A copy: the driver's bytes lie in the result's own memory.
  if (value instanceof DuckDBBlobValue) return Uint8Array.from(value.bytes);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(plainValue);
  if (value instanceof DuckDBStructValue) return fields(Object.entries(value.entries));
  if (value instanceof DuckDBMapValue) return fields(value.entries.map((entry) => [keyText(entry.key), entry.value]));
  if (value instanceof DuckDBUnionValue || value instanceof DuckDBVariantValue) return plainValue(value.value);
  // Decimals, times, intervals, uuids, bits, geometries.
  return value.toString();
}

const integer = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

const zoned = (text: string): string => (text.endsWith('infinity') ? text : `${text}+00`);

const keyText = (key: DuckDBValue): string => {
  const value = plainValue(key);
  return typeof value === 'object' && value !== null ? String(key) : String(value);
};

const fields = (entries: readonly (readonly [string, DuckDBValue])[]): Value =>
  Object.fromEntries(entries.map(([name, value]) => [name, plainValue(value)]));

const fieldName = (name: string): string => (/^[a-z_]\w*$/i.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

/** As DuckDB itself prints a type; the driver quotes every field and knows no aliases. */
function typeText(type: DuckDBType): string {
  if (type.alias !== undefined && type.typeId !== DuckDBTypeId.ENUM) return type.alias;
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
      return `${typeText(type.valueType)}[]`;
    case DuckDBTypeId.ARRAY:
      return `${typeText(type.valueType)}[${type.length}]`;
    case DuckDBTypeId.MAP:
      return `MAP(${typeText(type.keyType)}, ${typeText(type.valueType)})`;
    case DuckDBTypeId.STRUCT:
      return `STRUCT(${type.entryTypes.map((entry, index) => `${type.entryNames[index] ? `${fieldName(type.entryNames[index])} ` : ''}${typeText(entry)}`).join(', ')})`;
    case DuckDBTypeId.UNION:
      return `UNION(${type.memberTypes.map((member, index) => `${fieldName(type.memberTags[index] ?? '')} ${typeText(member)}`).join(', ')})`;
    default:
      return type.toString();
  }
}
