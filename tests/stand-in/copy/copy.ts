// COPY from S3 into a table: all files or none, errors written down apart from the transaction, as the system tables are.
// https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
import type { NodeOf } from '../../../src/lint/redshift/index.ts';
import type { Database } from '../database.ts';
import { Refused, redshiftError } from '../errors.ts';
import type { Planner } from '../plan.ts';
import { list, stored } from '../translate/names.ts';
import { Translated } from '../translate/pieces.ts';
import type { Upstream } from '../upstream.ts';
import { type Message, notice, valuesOf } from '../wire.ts';
import { readUrl, sourceObjects } from './objects.ts';
import { type CopyOptions, copyOptions } from './options.ts';
import { type JsonForm, jsonForm, type LoadColumn, type LoadError, type LoadRow, readRows } from './rows.ts';
import { convert, isString, reasonOf } from './values.ts';

export interface Loaded {
  readonly id: number;
  readonly rows: number;
  readonly notice: Message;
}

const refuse = (message: string): Refused => new Refused({ sqlstate: 'XX000', message });

async function asked(upstream: Upstream, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  const answer = await upstream.query(sql);
  const failed = answer.find(({ type }) => type === 'E');
  if (failed) throw new Refused(redshiftError(failed, sql, new Translated()));
  return answer.filter(({ type }) => type === 'D').map(valuesOf);
}

async function columnsOf(node: NodeOf<'copy'>, plan: Planner, upstream: Upstream): Promise<readonly LoadColumn[]> {
  const rows = await asked(
    upstream,
    `select attname, atttypid, atttypmod, stand_in.format_type(atttypid, atttypmod), attnotnull, attidentity <> '' from pg_catalog.pg_attribute where attrelid = ${plan.regclass(node.table)} and attnum > 0 and not attisdropped order by attnum`,
  );
  const all = rows.map(([name, oid, modifier, type, required, identity]) => ({
    name: name ?? '',
    oid: Number(oid),
    modifier: Number(modifier),
    type: type ?? '',
    required: required === 't',
    identity: identity === 't',
  }));
  if (!node.columns) return all.filter(({ identity }) => !identity);
  return node.columns.map(({ value }) => {
    const found = all.find(({ name }) => name === stored(value));
    if (!found)
      throw new Refused({
        sqlstate: '42703',
        message: `column "${stored(value)}" of relation "${node.table.parts.at(-1)?.value}" does not exist`,
      });
    return found;
  });
}

function checkRole(options: CopyOptions, database: Database): void {
  const arn = options.text('iam_role');
  if (arn === undefined || arn === 'default' || database.iamRoles === undefined) return;
  for (const one of arn.split(','))
    if (!database.iamRoles.includes(one))
      throw refuse(`User arn:aws:redshift:us-west-2:123456789012:dbuser:${database.name} is not authorized to assume IAM Role ${one}`);
}

export async function copyFrom(
  node: NodeOf<'copy'>,
  plan: Planner,
  upstream: Upstream,
  database: Database,
  { started }: { readonly started: (id: number) => void },
): Promise<Loaded> {
  const options = copyOptions(node);
  const store = database.objects;
  if (!store) throw refuse('the stand-in was given no objects to load');
  checkRole(options, database);
  const columns = await columnsOf(node, plan, upstream);
  const form = await formOf(options, columns.length, (url) => readUrl(store, url));
  const objects = await sourceObjects(store, node.source.value, options);
  const [[relid] = []] = await asked(upstream, `select ${plan.regclass(node.table)}::oid`);
  const { rows: ids } = await (await database.admin()).query<{ id: string }>("select nextval('stand_in.queries') as id");
  const id = Number(ids[0]?.id);
  started(id);
  const table = stored(node.table.parts.at(-1)?.value ?? '');
  const { rows, errors: misread, lines } = readRows(objects, columns, options, form);
  const { good, errors: unfit } = convert(rows, columns, options);
  const errors = [...misread, ...unfit];
  const load = options.has('noload') ? [] : await insert(good, columns, node, plan, upstream, database, errors);
  const most = options.has('ignoreallerrors') ? Number.POSITIVE_INFINITY : Math.max(1, options.number('maxerror') ?? 1);
  const aborted = errors.length >= most;
  const order = new Map(objects.map(({ url }, index) => [url, index]));
  errors.sort((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line);
  const noted = aborted ? errors.slice(0, most) : errors;
  const bytes = objects.reduce((sum, one) => sum + one.bytes.length, 0);
  await (await database.admin()).query(
    `insert into stand_in.loads values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, localtimestamp, localtimestamp)`,
    [
      id,
      upstream.pid,
      relid,
      table,
      node.source.value,
      aborted ? 'aborted' : 'completed',
      aborted ? 0 : load.length,
      bytes,
      objects.length,
      noted.length,
    ],
  );
  if (!aborted) await (await database.admin()).query('insert into stand_in.writes values ($1, localtimestamp)', [relid]);
  await note(database, id, relid, table, noted);
  if (aborted) throw refuse(`Load into table '${table}' failed.  Check 'sys_load_error_detail' system table for details.`);
  for (const { url, bytes: content } of objects)
    await (await database.admin()).query('insert into stand_in.load_files values ($1, $2, $3, $4)', [
      id,
      url,
      content.length,
      lines.get(url),
    ]);
  const skipped =
    errors.length > 0 ? `, ${errors.length} record(s) could not be loaded.  Check 'sys_load_error_detail' system table for details.` : '';
  return {
    id,
    rows: load.length,
    notice: notice(`Load into table '${table}' completed, ${load.length} record(s) loaded successfully.${skipped}`),
  };
}

async function formOf(
  options: CopyOptions,
  columns: number,
  read: (url: string) => Promise<Uint8Array | undefined>,
): Promise<JsonForm | undefined> {
  if (!options.has('json')) return undefined;
  const form = options.text('json') ?? 'auto';
  if (form === 'auto' || form === 'auto ignorecase') return form;
  if (!form.startsWith('s3://')) throw refuse(`the stand-in does not translate JSON '${form}'`);
  const bytes = await read(form);
  if (!bytes) throw refuse(`The specified S3 prefix '${form.replace(/^s3:\/\/[^/]*\//, '')}' does not exist`);
  return jsonForm(bytes, columns);
}

const escaped = (value: string | null): string =>
  value === null ? '\\N' : value.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');

/** All at once; where that fails the values are asked one by one, and the rows without errors go in. Returns these. */
async function insert(
  rows: readonly LoadRow[],
  columns: readonly LoadColumn[],
  node: NodeOf<'copy'>,
  plan: Planner,
  upstream: Upstream,
  database: Database,
  errors: LoadError[],
): Promise<readonly LoadRow[]> {
  const names = node.columns ? list(node.columns) : columns.map(({ name }) => `"${name.replaceAll('"', '""')}"`).join(', ');
  const sql = `copy ${plan.relation(node.table)} (${names}) from stdin`;
  const send = (some: readonly LoadRow[]): Promise<readonly Message[]> =>
    upstream.copy(sql, Buffer.from(some.map(({ values }) => `${values.map(escaped).join('\t')}\n`).join('')));
  await asked(upstream, 'savepoint stand_in_copy');
  const first = (await send(rows)).find(({ type }) => type === 'E');
  if (!first) return rows;
  await asked(upstream, 'rollback to savepoint stand_in_copy');
  const bad = await unfitRows(rows, columns, database);
  if (bad.size === 0) throw new Refused(redshiftError(first, plan.sql, new Translated()));
  errors.push(...bad.values());
  const fit = rows.filter((row) => !bad.has(row));
  const second = (await send(fit)).find(({ type }) => type === 'E');
  if (second) throw new Refused(redshiftError(second, plan.sql, new Translated()));
  return fit;
}

async function unfitRows(rows: readonly LoadRow[], columns: readonly LoadColumn[], database: Database): Promise<Map<LoadRow, LoadError>> {
  const bad = new Map<LoadRow, LoadError>();
  for (const [index, column] of columns.entries()) {
    if (isString(column)) continue;
    const { rows: problems } = await (await database.admin()).query<{ place: string; problem: string }>(
      'select place, problem from (select place, stand_in.problem_of(value, $2::oid::regtype, $3) as problem from jsonb_array_elements_text($1::jsonb) with ordinality as v(value, place) where value is not null) as p where problem is not null',
      [JSON.stringify(rows.map(({ values }) => values[index] ?? null)), column.oid, column.modifier],
    );
    for (const { place, problem } of problems) {
      const row = rows[Number(place) - 1];
      if (!row || bad.has(row)) continue;
      const value = row.values[index] ?? '';
      bad.set(row, { file: row.file, line: row.line, raw: row.raw, column, value, ...reasonOf(column, value, problem) });
    }
  }
  return bad;
}

async function note(
  database: Database,
  id: number,
  relid: string | null | undefined,
  table: string,
  errors: readonly LoadError[],
): Promise<void> {
  for (const { file, line, column, code, reason, raw, value } of errors)
    await (await database.admin()).query(
      'insert into stand_in.load_errors values ($1, $2, $3, $4, $5, localtimestamp, $6, $7, $8, $9, $10, $11, $12, $13)',
      [
        id,
        relid,
        table,
        file,
        line,
        column?.name ?? '',
        column?.type.replace(/\(.*/, '') ?? '',
        column && isString(column) ? String(column.modifier - 4) : '0',
        0,
        code,
        reason.replaceAll('\0', ''),
        raw.slice(0, 1024).replaceAll('\0', ''),
        value.slice(0, 1024).replaceAll('\0', ''),
      ],
    );
}
