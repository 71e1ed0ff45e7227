// Files into rows: which files a load takes, and what is in them. Pure but for listing and reading files; it knows nothing of
// connections, transactions or the ledger's tables. The engine goes through it like this:
//
//   const format = recordFormat(spec, columns, await jsonpathsOf(spec, projectDir, signal));  // all mistakes at once; format.warnings
//   const place = placeOf(spec, projectDir);                                   // close() it at the end
//   const listed = await place.list(signal);                                   // empty: nothingListed(), unless allow_empty
//   const contents = new Map(needsContent(listed, ledger).map((file) => [file.key, contentOf(file.location)]));
//   const decision = decide(listed, ledger, contents, spec, fullRefresh);      // decision.problem: stop
//   const here = await place.fetch?.(decision.load, signal) ?? decision.load;  // from S3 to files of this machine
//   const scanned = await scanFiles(here, format, signal);                     // content, size; clean or not
//   begin; with decision.empties: empty the table and its ledger rows
//     clean files:   insert into … (columns) <each of readJsonSql(clean, format)>, or readParquetSql(clean, format);
//                    the rows inserted must be the sum of clean.rows
//     the others:    for await (const batch of readFiles(others, format, signal)) copyIn batch.csv, keep batch.rejects,
//                    and from batch.done the totals of each file
//     place.changedSince(decision.load) must be empty: a file that changed under the load rolls it back (fileChanged())
//     ledger rows: {key, size, mark, content} of scanned, rows and rejects; new marks of decision.touched; commit
//
// What the readers take and refuse is design's; convert.ts has the rules for values, json-records.ts and csv-records.ts those
// for records, provable.ts what DuckDB may read by itself.
export { atOnce } from './at-once.ts';
export { type ColumnType, columnType } from './column-types.ts';
export { wholeCharacters } from './convert.ts';
export { HEADER_BYTES, headerColumns } from './csv-header.ts';
export { type Decision, decide, needsContent } from './decide.ts';
export { readJsonSql } from './duckdb-json.ts';
export { parquetRowsSql, readParquetSql } from './duckdb-parquet.ts';
export { contentOf } from './file-bytes.ts';
export { autoMode } from './jsonpaths.ts';
export { type JsonpathsFile, readJsonpaths } from './jsonpaths-file.ts';
export { changedSince, fileChanged, type Lister, listFiles, nothingListed } from './list.ts';
export { groupObjects, manifestOf, type ObjectGroup, prefixesOf } from './object-groups.ts';
export { type CsvOptions, csvFormat, shownOptions } from './options.ts';
export type { Place } from './place.ts';
export { jsonpathsOf, placeOf } from './places.ts';
export { rawLines, valueIn } from './raw-lines.ts';
export { type FileToRead, readFiles } from './read-files.ts';
export { noColumns, type RecordFormat, recordFormat, targetColumns } from './record-format.ts';
export { refusedRecord, shownValue } from './refused-record.ts';
export { type CleanFile, type ScannedFile, scanFiles } from './scan.ts';
