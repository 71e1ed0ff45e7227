// `materializing`: what dwh's own macros for custom materializations stand on. Texts come from the dialect with the node's own
// options; indexes, rights and comments are carried out by the engine, as for its own materializations.
import type { Dialect } from '../adapters/adapter.ts';
import type { Relation } from '../core/relation.ts';
import { fromTemplate, repr, text, truth } from '../template/index.ts';
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
