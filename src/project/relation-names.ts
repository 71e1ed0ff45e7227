// Where a node goes: database, schema and name through the generate_*_name macros, which users override; a package that has one
// of its own names its nodes by it.
// https://docs.getdbt.com/docs/build/custom-schemas
import { callMacroNow } from '../context/index.ts';
import type { ParsingSubject, ProjectScope } from '../context/types.ts';
import type { Relation } from '../core/relation.ts';
import { recordToTemplate, text } from '../template/index.ts';
import type { Config } from './config-rules.ts';
import { type Memo, memoKey } from './memo.ts';
import { placed } from './quoting.ts';

export interface NamedRelation {
  readonly alias: string;
  readonly relation: Relation;
}

/** `version` of a versioned model is part of its name. Throws DwhError when a macro fails. */
export type RelationNames = (subject: ParsingSubject, config: Config) => NamedRelation;

const MACROS = { schema: 'generate_schema_name', alias: 'generate_alias_name', database: 'generate_database_name' } as const;
type Part = keyof typeof MACROS;

/** `world` and `memo`: as for recorder. `quoting`: of the root project. */
export function relationNamesOf(
  scope: ProjectScope,
  packages: readonly string[],
  memo: Memo,
  world: string,
  quoting: unknown,
): RelationNames {
  const overridden = (part: Part): boolean =>
    [MACROS[part], ...['default', scope.adapterType, ...scope.adapterParents].map((prefix) => `${prefix}__${MACROS[part]}`)].some((name) =>
      packages.some((packageName) => scope.macros.inPackage(packageName, name)),
    );
  const byMacro = { schema: overridden('schema'), alias: overridden('alias'), database: overridden('database') };
  const given = (value: unknown): string | undefined => {
    const trimmed = value === undefined || value === null ? '' : String(value).trim();
    return trimmed === '' ? undefined : trimmed;
  };
  // The built-in macros say just this; calling them for each of thousands of nodes costs a third of a cold parse.
  const builtIn: Readonly<Record<Part, (custom: string | undefined, subject: ParsingSubject) => string>> = {
    schema: (custom) => (custom === undefined ? scope.schema : `${scope.schema}_${custom}`),
    database: (custom) => custom ?? scope.database,
    alias: (custom, { name, version }) => custom ?? (version === undefined ? name : `${name}_v${String(version).replaceAll('.', '_')}`),
  };
  return (subject, config) => {
    const name = (part: Part): string => {
      const custom = given(config[part]);
      if (!byMacro[part]) return builtIn[part](custom, subject);
      const node = recordToTemplate({
        ...subject,
        config,
        alias: custom ?? subject.name,
        tags: config.tags ?? [],
        meta: config.meta ?? {},
      });
      return memo.get(memoKey(world, part, subject, config), () =>
        text(callMacroNow(scope, subject, MACROS[part], [custom ?? null, node])).trim(),
      );
    };
    const schema = name('schema');
    const alias = name('alias');
    const database = name('database');
    const written = database === '' ? { schema, identifier: alias } : { database, schema, identifier: alias };
    return { alias, relation: placed(written, [quoting], scope.dialect) };
  };
}
