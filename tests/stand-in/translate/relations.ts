// Which relation of Postgres a name of Redshift stands for: tables of users, and system views, of which only known ones are read.
import type { QualifiedName } from '../../../src/lint/redshift/index.ts';
import { namesOf, quoted } from './names.ts';
import { Untranslated } from './pieces.ts';

/** Catalogs that answer as Redshift's do. */
const CATALOGS = new Set('pg_namespace pg_attribute pg_attrdef pg_description pg_type pg_tables pg_constraint pg_depend'.split(' '));
/** Views of the stand-in's own schema. */
export const OWN_VIEWS = new Set(
  (
    'pg_class pg_views pg_user pg_group pg_database pg_table_def svv_table_info svv_relation_privileges svv_transactions svv_columns svv_tables svv_all_columns ' +
    'sys_load_history sys_load_detail sys_load_error_detail stl_load_errors sys_query_detail'
  ).split(' '),
);
const INFORMATION = new Set(['tables', 'columns', 'views', 'schemata']);
const SYSTEM = /^(pg_|svv_|svl_|svcs_|stl_|stv_|sys_)/;

export interface Place {
  readonly schema: string | undefined;
  readonly name: string;
}

/** Without the database, which can only be this one. */
export function placeOfName(node: QualifiedName, database: string): Place {
  const names = namesOf(node);
  if (names.length > 3 || (names.length === 3 && names[0] !== database)) throw new Untranslated('other databases', node.start);
  return { schema: names.at(-2), name: names.at(-1) ?? '' };
}

export const isSystem = ({ schema, name }: Place): boolean => (schema === undefined && SYSTEM.test(name)) || schema === 'pg_catalog';

export function relationSql(node: QualifiedName, database: string): string {
  const { schema, name } = placeOfName(node, database);
  if (isSystem({ schema, name })) {
    if (OWN_VIEWS.has(name)) return `"stand_in".${quoted(name)}`;
    if (CATALOGS.has(name)) return `"pg_catalog".${quoted(name)}`;
    throw new Untranslated(`the system view ${name}`, node.start);
  }
  if (schema === 'information_schema' && !INFORMATION.has(name)) throw new Untranslated(`information_schema.${name}`, node.start);
  if (schema === 'stand_in') throw new Untranslated('a schema of this name', node.start);
  return schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}
