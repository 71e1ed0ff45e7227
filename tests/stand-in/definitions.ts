// CREATE and ALTER of tables and views. Attributes go to the side catalogue; keys are kept there and not enforced.
// https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
import { all, check, type NodeOf } from '../../src/lint/redshift/index.ts';
import type { Planner, Step } from './plan.ts';
import { list, quoted, stored, text } from './translate/names.ts';
import { type Piece, Untranslated } from './translate/pieces.ts';
import { typeOf } from './translate/types.ts';

type Facts = Readonly<Record<string, unknown>>;
const isTemporary = (node: { readonly temporary: boolean; readonly name: NodeOf<'qualified-name'> }): boolean =>
  node.temporary || node.name.parts[0].value.startsWith('#');
const keyName = (key: NodeOf<'name'> | NodeOf<'literal'>): string => stored(key.value);

function attributeFacts(attributes: readonly NodeOf<'table-attribute'>[]): Facts {
  const facts: Record<string, unknown> = {};
  for (const attribute of attributes) {
    if (attribute.what === 'diststyle') facts.diststyle = attribute.style === 'auto' ? 'AUTO(ALL)' : attribute.style.toUpperCase();
    else if (attribute.what === 'distkey') Object.assign(facts, { diststyle: 'KEY', distkey: keyName(attribute.column) });
    else if (attribute.what === 'sortkey') Object.assign(facts, { sortform: attribute.form, sortkey: attribute.columns.map(keyName) });
    else if (attribute.what === 'backup') facts.backup = attribute.yes;
  }
  return facts;
}

function columnPieces({ name, type, attributes }: NodeOf<'column-definition'>, place: number | undefined): Piece[] {
  const { sql, bytes } = typeOf(type);
  const pieces: Piece[] = [`${quoted(name.value)} ${sql}`];
  if (bytes !== undefined && place !== undefined)
    pieces.push(` constraint "stand_in bytes ${place} ${bytes}" check (octet_length(${quoted(name.value)}) <= ${bytes})`);
  for (const attribute of attributes) {
    if (attribute.what === 'default') pieces.push(' default ', attribute.value);
    else if (attribute.what === 'not null' || attribute.what === 'primary key') pieces.push(' not null');
    else if (attribute.what === 'identity') {
      const { byDefault, seed = 1, step = 1 } = attribute;
      pieces.push(` generated ${byDefault ? 'by default' : 'always'} as identity (start with ${seed} increment by ${step})`);
    } else if (attribute.what === 'collate' && attribute.collation === 'case_insensitive')
      throw new Untranslated('COLLATE CASE_INSENSITIVE', attribute.start);
  }
  return pieces;
}

function columnFacts(columns: readonly NodeOf<'column-definition'>[]): Facts {
  const facts: Record<string, unknown> = {};
  const encode: Record<string, string> = {};
  const constraints: unknown[] = [];
  for (const { name, attributes } of columns) {
    for (const attribute of attributes) {
      if (attribute.what === 'encode') encode[stored(name.value)] = attribute.encoding;
      else if (attribute.what === 'distkey') Object.assign(facts, { diststyle: 'KEY', distkey: stored(name.value) });
      else if (attribute.what === 'sortkey') Object.assign(facts, { sortform: 'compound', sortkey: [stored(name.value)] });
      else if (attribute.what === 'unique' || attribute.what === 'primary key')
        constraints.push({ what: attribute.what, columns: [stored(name.value)] });
      else if (attribute.what === 'references') constraints.push({ what: 'foreign key', columns: [stored(name.value)] });
    }
  }
  return { ...facts, ...(Object.keys(encode).length > 0 && { encode }), ...(constraints.length > 0 && { constraints }) };
}

const constraintFact = ({ what, columns, name }: NodeOf<'table-constraint'>): Facts => ({
  what,
  columns: columns.map(({ value }) => stored(value)),
  ...(name && { name: stored(name.value) }),
});

const remember = (plan: Planner, name: NodeOf<'qualified-name'>, facts: Facts): Step =>
  plan.run(`select stand_in.remember(${plan.regclass(name)}, ${text(JSON.stringify(facts))})`, name.start);

export function createTableSteps(node: NodeOf<'create-table'>, plan: Planner): readonly Step[] {
  const columns = node.elements.filter((one) => one.kind === 'column-definition');
  const keys = node.elements.filter((one) => one.kind === 'table-constraint');
  // A primary key's columns are NOT NULL.
  const required = keys.filter(({ what }) => what === 'primary key').flatMap((key) => key.columns);
  const elements: Piece[] = node.elements.flatMap((element): Piece[] => {
    if (element.kind === 'column-definition') return [columnPieces(element, columns.indexOf(element) + 1)];
    if (element.kind !== 'like-table') return [];
    return [`like ${plan.relation(element.table)} including constraints${element.defaults === 'including' ? ' including defaults' : ''}`];
  });
  const create = `create ${isTemporary(node) ? 'temp ' : ''}table ${node.ifNotExists ? 'if not exists ' : ''}${plan.relation(node.name)} (`;
  const { constraints = [], ...ofColumns } = columnFacts(columns) as { readonly constraints?: readonly unknown[] };
  const facts = {
    ...ofColumns,
    ...attributeFacts(node.attributes),
    constraints: [...constraints, ...keys.map(constraintFact)],
    ...(node.ifNotExists && { unless_known: true }),
  };
  return [
    plan.answer([create, ...commas(elements), ')'], node.start),
    ...required.map((name) =>
      plan.run(`alter table ${plan.relation(node.name)} alter column ${quoted(name.value)} set not null`, name.start),
    ),
    remember(plan, node.name, facts),
  ];
}

const commas = (pieces: readonly Piece[]): Piece[] => pieces.flatMap((piece, index) => (index === 0 ? [piece] : [', ', piece]));

/** For sys_query_detail. */
export const filled = (table: NodeOf<'qualified-name'>, plan: Planner): Step =>
  plan.run(`insert into stand_in.writes values (${plan.regclass(table)}, localtimestamp)`, table.start);

export function createTableAsSteps(node: NodeOf<'create-table-as'>, plan: Planner): readonly Step[] {
  const columns = node.columns ? ` (${list(node.columns)})` : '';
  return [
    plan.answer([`create ${isTemporary(node) ? 'temp ' : ''}table ${plan.relation(node.name)}${columns} as `, node.query], node.start),
    plan.run(`select stand_in.size_strings(${plan.regclass(node.name)})`, node.start),
    remember(plan, node.name, attributeFacts(node.attributes)),
    filled(node.name, plan),
  ];
}

/** A late-binding view is one without columns to Postgres, and cannot be read; its query is put where the view is read. */
export function createViewSteps(node: NodeOf<'create-view'>, plan: Planner): readonly Step[] {
  const { lateViews } = plan.context.facts;
  if (node.external) throw new Untranslated('external views', node.start);
  const name = plan.relation(node.name);
  const create = `create ${node.orReplace ? 'or replace ' : ''}view ${name}`;
  const query = plan.sql.slice(node.query.start, node.query.end);
  const remembered = plan.run(
    `select stand_in.remember_view(${plan.regclass(node.name)}, ${text(query)}, ${text(plan.sql.slice(node.start, node.end))}, ${node.noSchemaBinding})`,
    node.start,
  );
  if (node.noSchemaBinding) {
    if (node.columns) throw new Untranslated('columns of a late-binding view', node.start);
    return [plan.answer(`${create} as select where "stand_in".moved()`, node.start), remembered];
  }
  const late = all(node.query, 'table').find((one) =>
    lateViews.has(
      one.name.parts
        .map(({ value }) => stored(value))
        .slice(-2)
        .join('.'),
    ),
  );
  if (late) throw new Untranslated('a bound view that reads a late-binding one', late.start);
  const bound = plan.answer([`${create}${node.columns ? ` (${list(node.columns)})` : ''} as `, node.query], node.start);
  if (!node.orReplace) return [bound, remembered];
  return [
    plan.run(`create temp table "stand_in before" as select stand_in.view_columns(${text(name)}) as columns`, node.start),
    bound,
    plan.run(`select stand_in.replaced_view(columns, ${plan.regclass(node.name)}) from "stand_in before"`, node.start),
    plan.run('drop table pg_temp."stand_in before"', node.start),
    remembered,
  ];
}

export function materializedViewSteps(node: NodeOf<'create-materialized-view'>, plan: Planner): readonly Step[] {
  const columns = node.columns ? ` (${list(node.columns)})` : '';
  const definition = plan.sql.slice(node.start, node.end);
  return [
    plan.answer([`create materialized view ${plan.relation(node.name)}${columns} as `, node.query], node.start, 'CREATE MATERIALIZED VIEW'),
    plan.run(
      `select stand_in.remember_view(${plan.regclass(node.name)}, ${text(plan.sql.slice(node.query.start, node.query.end))}, ${text(definition)}, false)`,
      node.start,
    ),
    remember(plan, node.name, attributeFacts(node.attributes)),
  ];
}

/** Of SQL; what its body calls is translated as elsewhere. */
export function createFunctionSteps(node: NodeOf<'create-routine'>, plan: Planner): readonly Step[] {
  const { routine, language, returns, body } = node;
  if (routine !== 'function' || language !== 'sql' || !returns || !body)
    throw new Untranslated(`CREATE ${routine.toUpperCase()}`, node.start);
  const [query, more] = check(body.value);
  if (query?.tree?.kind !== 'query' || more) throw new Untranslated('this body of a function', body.start);
  const { text: sql } = plan.within(body.value).run(query.tree, 0).sql;
  const types = node.args.map(({ type }) => typeOf(type).sql).join(', ');
  const create = `create ${node.orReplace ? 'or replace ' : ''}function ${plan.relation(node.name)}(${types})`;
  return [plan.answer(`${create} returns ${typeOf(returns).sql} language sql as ${text(sql)}`, node.start, 'CREATE FUNCTION')];
}

export function alterSteps(node: NodeOf<'alter-table'>, plan: Planner): readonly Step[] {
  const table = plan.relation(node.name);
  const [first, ...others] = node.actions;
  if (!first || others.length > 0) throw new Untranslated('several actions of ALTER TABLE', node.start);
  const alter = (what: Piece): Step => plan.answer([`alter table ${table} `, what], first.start, 'ALTER TABLE');
  const noted = (facts: Facts): readonly Step[] => [
    plan.answer(`alter table ${table} set (autovacuum_enabled = false)`, node.name.start, 'ALTER TABLE'),
    remember(plan, node.name, facts),
  ];
  switch (first.what) {
    case 'rename to':
      return [alter(`rename to ${quoted(first.to.value)}`)];
    case 'rename column':
      return [alter(`rename column ${quoted(first.name.value)} to ${quoted(first.to.value)}`)];
    case 'owner to':
      return [alter(`owner to ${quoted(`${plan.context.facts.roles}/${first.to.value}`)}`)];
    case 'drop column':
      return [alter(`drop column ${quoted(first.name.value)}${first.behavior ? ` ${first.behavior}` : ''}`)];
    case 'add column': {
      const { column } = first;
      const { bytes } = typeOf(column.type);
      return [
        alter(['add column ', ...columnPieces(column, undefined)]),
        ...(bytes === undefined
          ? []
          : [
              plan.run(
                `select stand_in.limit_bytes(${plan.regclass(node.name)}, ${text(stored(column.name.value))}, ${bytes})`,
                column.start,
              ),
            ]),
        remember(plan, node.name, columnFacts([column])),
      ];
    }
    case 'alter column type': {
      const { bytes, sql } = typeOf(first.type);
      if (bytes === undefined || !sql.startsWith('varchar')) throw new Untranslated('this change of a type', first.start);
      return [
        plan.answer(
          `select stand_in.widen(${plan.regclass(node.name)}, ${text(stored(first.name.value))}, ${bytes})`,
          first.start,
          'ALTER TABLE',
        ),
      ];
    }
    case 'alter column encode':
      return noted({ encode: { [stored(first.name.value)]: first.encoding } });
    case 'alter distkey':
    case 'alter diststyle':
    case 'alter sortkey':
    case 'alter encode auto':
      return noted(attributeFacts(first.attributes));
    case 'add constraint':
      return noted({ constraints: [constraintFact(first.constraint)] });
    case 'append from': {
      const from = plan.relation(first.table);
      return [
        plan.answer(`insert into ${table} select * from ${from}`, first.start, 'ALTER TABLE APPEND'),
        plan.run(`delete from ${from}`, first.start),
      ];
    }
    default:
      throw new Untranslated(`ALTER TABLE ${first.what.toUpperCase()}`, first.start);
  }
}
