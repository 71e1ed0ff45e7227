// The CSV file of a seed, read when it is asked for: rows for the warehouse, a table for templates.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAgateTable, sayer, tableValue } from '../../context/index.ts';
import { isMapping } from '../../core/config-reader.ts';
import type { SeedNode } from '../../core/node.ts';
import { type SeedOptions, type SeedRows, seedRows, seedTable } from '../../materializations/index.ts';
import type { Callable } from '../../template/index.ts';
import type { Run } from '../run.ts';

const bytesOf = (run: Run, node: SeedNode): Buffer => readFileSync(join(run.request.projectDir, node.at.file));

function optionsOf(node: SeedNode): Pick<SeedOptions, 'file' | 'delimiter' | 'columnTypes'> {
  const types = node.config.column_types;
  return {
    file: node.at.file,
    delimiter: typeof node.config.delimiter === 'string' ? node.config.delimiter : ',',
    columnTypes: new Map(isMapping(types) ? Object.entries(types).map(([name, type]) => [name, String(type)]) : []),
  };
}

/** Throws DwhError when the file cannot be read. */
export const rowsOfSeed = (run: Run, node: SeedNode): SeedRows =>
  seedRows(bytesOf(run, node), {
    ...optionsOf(node),
    columnType: run.dialect.columnType,
    // As in dbt, names keep their case unless it is said that they need no quotes.
    columnName: node.config.quote_columns === false ? run.dialect.unquoted : (name) => name,
  });

/** What the seed's own templates have besides. */
export const seedNames = (run: Run, node: SeedNode): Readonly<Record<string, Callable>> => ({
  load_agate_table: loadAgateTable(() => tableValue(seedTable(bytesOf(run, node), optionsOf(node)), sayer(run.scope))),
});
