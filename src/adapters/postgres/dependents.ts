// The views that are bound to a relation and would go with it, with all that makes them again: definition, options, owner,
// rights, comments, indexes, defaults, rules, triggers. https://www.postgresql.org/docs/current/catalog-pg-depend.html
import type { Relation, RelationState } from '../../core/relation.ts';
import { type Row, type Statement, statement } from '../../core/statement.ts';
import type { Dependent } from '../dependents.ts';
import { quote, relationName } from '../sql.ts';
import { literal } from './literal.ts';

/** Direct and indirect ones, each after all that it reads; reads: [schema, name, column] of what it reads. */
export const dependentsSql = ({ schema, identifier }: Relation): string => `with recursive bound as (
  select c.oid, 0 as depth from pg_catalog.pg_class as c where c.oid = to_regclass(${literal(`${quote(schema)}.${quote(identifier)}`)})
  union
  select r.ev_class, bound.depth + 1 from bound
  join pg_catalog.pg_depend as d on d.refclassid = 'pg_class'::regclass and d.refobjid = bound.oid and d.classid = 'pg_rewrite'::regclass
  join pg_catalog.pg_rewrite as r on r.oid = d.objid and r.ev_class <> bound.oid
), views as (select oid, max(depth) as depth from bound where depth > 0 group by oid)
select n.nspname::text, c.relname::text, c.relkind::text, pg_catalog.pg_get_viewdef(c.oid), c.reloptions::text, pg_catalog.pg_get_userbyid(c.relowner)::text,
  c.relispopulated,
  (select json_agg(json_build_array(case when a.grantee = 0 then null else pg_catalog.pg_get_userbyid(a.grantee) end, a.privilege_type, a.is_grantable, r.attname))
    from (select c.relacl as acl, null::name as attname union all select attacl, attname from pg_catalog.pg_attribute where attrelid = c.oid) as r,
      aclexplode(r.acl) as a where a.grantee <> c.relowner)::text,
  pg_catalog.obj_description(c.oid, 'pg_class'),
  (select json_agg(json_build_array(a.attname, pg_catalog.col_description(c.oid, a.attnum)) order by a.attnum)
    from pg_catalog.pg_attribute as a where a.attrelid = c.oid and a.attnum > 0 and pg_catalog.col_description(c.oid, a.attnum) is not null)::text,
  (select json_agg(pg_catalog.pg_get_indexdef(i.indexrelid) order by i.indexrelid) from pg_catalog.pg_index as i where i.indrelid = c.oid)::text,
  (select json_agg(json_build_array(a.attname, pg_catalog.pg_get_expr(d.adbin, d.adrelid))) from pg_catalog.pg_attrdef as d
    join pg_catalog.pg_attribute as a on a.attrelid = d.adrelid and a.attnum = d.adnum where d.adrelid = c.oid)::text,
  (select json_agg(made.text) from (select pg_catalog.pg_get_ruledef(oid) as text from pg_catalog.pg_rewrite where ev_class = c.oid and rulename <> '_RETURN'
    union all select pg_catalog.pg_get_triggerdef(oid) from pg_catalog.pg_trigger where tgrelid = c.oid and not tgisinternal) as made)::text,
  (select json_agg(json_build_array(rn.nspname, rc.relname, a.attname)) from pg_catalog.pg_rewrite as r
    join pg_catalog.pg_depend as d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> c.oid
    join pg_catalog.pg_class as rc on rc.oid = d.refobjid join pg_catalog.pg_namespace as rn on rn.oid = rc.relnamespace
    left join pg_catalog.pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid and d.refobjsubid > 0
    where r.ev_class = c.oid)::text
from views join pg_catalog.pg_class as c on c.oid = views.oid join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('v', 'm') order by views.depth, c.oid`;

type Text = string | null;
const list = <T>(value: unknown): readonly T[] => (typeof value === 'string' ? (JSON.parse(value) as T[]) : []);

export function dependentOf(row: Row, database: string | undefined): Dependent {
  const [schema, identifier, relkind, definition, options, owner, populated, rights, comment, columnComments, ...more] = row;
  const [indexes, defaults, rulesAndTriggers, reads] = more;
  const relation: Relation = {
    ...(database !== undefined && { database }),
    schema: String(schema),
    identifier: String(identifier),
  };
  const state: RelationState = { relation, kind: relkind === 'm' ? 'materialized_view' : 'view' };
  const name = relationName(relation);
  const word = relkind === 'm' ? 'materialized view' : 'view';
  const query = String(definition).trim().replace(/;$/, '');
  // '{security_barrier=true}' is an array of name=value.
  const settings = typeof options === 'string' ? ` with (${options.slice(1, -1)})` : '';
  const texts = [
    `create ${word} ${name}${settings} as\n${query}${relkind === 'm' && populated === false ? '\nwith no data' : ''}`,
    `alter ${word} ${name} owner to ${quote(String(owner))}`,
    ...list<string>(indexes),
    ...list<[string, string]>(defaults).map(([column, value]) => `alter view ${name} alter column ${quote(column)} set default ${value}`),
    ...list<string>(rulesAndTriggers),
    ...list<[Text, string, boolean, Text]>(rights).map(
      ([grantee, privilege, grantable, column]) =>
        `grant ${privilege}${column === null ? '' : ` (${quote(column)})`} on ${name} to ${grantee === null ? 'public' : quote(grantee)}${grantable ? ' with grant option' : ''}`,
    ),
    ...(comment === null ? [] : [`comment on ${word} ${name} is ${literal(String(comment))}`]),
    ...list<[string, string]>(columnComments).map(([column, text]) => `comment on column ${name}.${quote(column)} is ${literal(text)}`),
  ];
  const remake: readonly Statement[] = texts.map((text) => statement(text));
  return {
    state,
    remake,
    reads: list<[string, string, Text]>(reads).map(([readSchema, readName, column]) => ({
      relation: { ...(database !== undefined && { database }), schema: readSchema, identifier: readName },
      column: column ?? undefined,
    })),
  };
}
