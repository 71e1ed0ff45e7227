// `materializing`: what dwh's own macros for custom materializations stand on. Texts come from the dialect with the node's own
// options; indexes, rights and comments are carried out by the engine, as for its own materializations.
import type { Dialect } from '../adapters/dialect.ts';
import type { Grants } from '../adapters/rights.ts';
import { ConfigReader } from '../core/config-reader.ts';
import { type Problem, throwIfAny } from '../core/problem.ts';
import type { Relation, RelationState } from '../core/relation.ts';
import type { Statement } from '../core/statement.ts';
import { fromTemplate, iterate, repr, text, truth } from '../template/index.ts';
import type { Ask, HostObject, TemplateValue } from '../template/types.ts';
import { asks } from './asks.ts';
import { RelationValue } from './relation-value.ts';
import { type Arguments, hostFunction, hostObject, problemError } from './values.ts';

type Answering = Generator<Ask, TemplateValue, unknown>;

const given = (args: Arguments, index: number): RelationValue => {
  const value = args.need(index, 'relation');
  if (value instanceof RelationValue) return value;
  throw problemError({ code: 'template-type', message: `a relation is needed, and not ${repr(value)}` });
};

function placed(value: RelationValue): Relation {
  if (value.relation) return value.relation;
  throw problemError({ code: 'template-type', message: `${value.name()} has no schema, and is not temporary` });
}

const stateOf = (value: RelationValue): RelationState => {
  const { relationKind } = value;
  return { relation: placed(value), kind: relationKind === 'view' || relationKind === 'materialized_view' ? relationKind : 'table' };
};

const joined = (statements: readonly Statement[]): string => statements.map(({ sql }) => sql).join(';\n');

const grantsOf = ({ grants, name }: Dialect): Grants => {
  if (grants) return grants;
  throw problemError({ code: 'template-value', message: `${name} has no users who could be given rights` });
};

const textsOf = (value: TemplateValue): readonly string[] => (typeof value === 'string' ? [value] : [...(iterate(value) ?? [])].map(text));

/** Cut where the warehouse would cut it, or refuse it. */
function suffixed(name: string, suffix: string, { maxIdentifierBytes }: Dialect): string {
  let kept = name;
  while (kept !== '' && Buffer.byteLength(`${kept}${suffix}`) > maxIdentifierBytes) kept = [...kept].slice(0, -1).join('');
  return `${kept}${suffix}`;
}

/** `execute`: false while parsing; nothing is asked. */
export function materializingValue(dialect: Dialect, execute: boolean): HostObject {
  const asking = (name: string, ask: (args: Arguments) => Answering): TemplateValue =>
    hostFunction(name, (args) => (execute ? ask(args) : ''));
  return hostObject('materializing', {
    suffixed: hostFunction('suffixed', (args) => suffixed(args.needText(0, 'name'), args.needText(1, 'suffix'), dialect)),
    table_as: asking('table_as', function* (args): Answering {
      const relation = given(args, 1);
      const sql = text(args.need(2, 'sql'));
      if (truth(args.need(0, 'temporary'))) return `create temporary table ${relation.name()} as (\n${sql}\n)`;
      return yield* asks({ ask: 'make', what: 'table', relation: placed(relation), sql });
    }),
    view_as: asking('view_as', function* (args): Answering {
      return yield* asks({ ask: 'make', what: 'view', relation: placed(given(args, 0)), sql: text(args.need(1, 'sql')) });
    }),
    hold_contract: asking('hold_contract', function* (args): Answering {
      yield* asks({ ask: 'contract', sql: args.needText(0, 'sql') });
      return '';
    }),
    contract_body: asking('contract_body', function* (): Answering {
      return yield* asks({ ask: 'contract-body' });
    }),
    materialized_view_as: asking('materialized_view_as', function* (args): Answering {
      return yield* asks({ ask: 'make', what: 'materialized view', relation: placed(given(args, 0)), sql: text(args.need(1, 'sql')) });
    }),
    refresh_sql: asking('refresh_sql', function* (args): Answering {
      return yield* asks({ ask: 'make', what: 'refresh', relation: placed(given(args, 0)), sql: '' });
    }),
    drop_sql: hostFunction('drop_sql', (args) => joined(dialect.drop(stateOf(given(args, 0))))),
    rename_sql: hostFunction('rename_sql', (args) => joined(dialect.rename(stateOf(given(args, 0)), args.needText(1, 'new_name')))),
    index_sql: hostFunction('index_sql', (args) => {
      const problems: Problem[] = [];
      const index = fromTemplate(args.need(1, 'index_dict'));
      const reader = new ConfigReader({ indexes: [index] }, { locate: () => undefined, problems });
      const options = dialect.tableOptions(reader, []);
      throwIfAny(problems);
      const relation = placed(given(args, 0));
      const { stage, publish } = dialect.furnish(relation, relation, options);
      return joined([...stage, ...publish]);
    }),
    show_grants_sql: hostFunction('show_grants_sql', (args) => grantsOf(dialect).ask(placed(given(args, 0))).sql),
    grant_sql: hostFunction('grant_sql', (args) => {
      const { grant, grantee } = grantsOf(dialect);
      return grant(placed(given(args, 0)), args.needText(1, 'privilege'), textsOf(args.need(2, 'grantees')).map(grantee)).sql;
    }),
    revoke_sql: hostFunction('revoke_sql', (args) => {
      const { revoke, grantee } = grantsOf(dialect);
      return revoke(placed(given(args, 0)), args.needText(1, 'privilege'), textsOf(args.need(2, 'grantees')).map(grantee)).sql;
    }),
    comment_sql: hostFunction('comment_sql', (args) => joined(dialect.commentOn(stateOf(given(args, 0)), args.needText(1, 'comment')))),
    column_comment_sql: hostFunction('column_comment_sql', (args) =>
      joined(dialect.commentOnColumn(stateOf(given(args, 0)), args.needText(1, 'column'), args.needText(2, 'comment'))),
    ),
    indexes: asking('indexes', function* (args): Answering {
      yield* asks({ ask: 'adorn', what: 'indexes', relation: placed(given(args, 0)) });
      return '';
    }),
    grants: asking('grants', function* (args): Answering {
      const grants = fromTemplate(args.need(1, 'grants')) as Readonly<Record<string, unknown>>;
      yield* asks({ ask: 'adorn', what: 'grants', relation: placed(given(args, 0)), grants });
      return '';
    }),
    docs: asking('docs', function* (args): Answering {
      const docs = { relation: args.flag(1, 'relation', false), columns: args.flag(2, 'columns', false) };
      if (docs.relation || docs.columns) yield* asks({ ask: 'adorn', what: 'docs', relation: placed(given(args, 0)), docs });
      return '';
    }),
  });
}
