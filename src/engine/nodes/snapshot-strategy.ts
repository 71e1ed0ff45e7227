// A snapshot whose versions a macro of the project tells: snapshot_NAME_strategy, as dbt calls it.
// https://docs.getdbt.com/docs/build/snapshots
import { BUILTIN_PACKAGE, type LibraryMacro, runningHost } from '../../context/index.ts';
import type { SnapshotNode } from '../../core/node.ts';
import { fail } from '../../core/problem.ts';
import { CURRENT_VERSION, HARD_DELETES, NEW_ROW, type OwnStrategy, strategyMacro } from '../../materializations/index.ts';
import { bindMacro, callValue, fromTemplate, repr, type TemplateValue } from '../../template/index.ts';
import { drive } from '../answer.ts';
import { type Situation, subjectOf } from '../compile.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';

/** undefined: dwh's own. */
export function ownStrategyMacro({ scope: { macros } }: Run, { config, package_name }: SnapshotNode): LibraryMacro | undefined {
  const wanted = strategyMacro(config.strategy);
  if (!wanted) return undefined;
  const { of, name } = wanted;
  const found = of === undefined ? macros.findUser(name, package_name) : macros.inPackage(of, name);
  return found?.package === BUILTIN_PACKAGE ? undefined : found;
}

/** `exists`: its table is there. */
export async function askStrategy(
  run: Run,
  node: SnapshotNode,
  { definition, package: ofPackage }: LibraryMacro,
  { situation, sql, exists }: { readonly situation: Situation; readonly sql: string; readonly exists: boolean },
  session: Session,
): Promise<OwnStrategy> {
  const subject = subjectOf(run, node, { ...situation, more: { sql, compiled_code: sql } }, () => {});
  const host = runningHost(run.scope, subject);
  const model = host.resolve('model', ofPackage);
  const told: TemplateValue =
    model instanceof Map
      ? new Map<TemplateValue, TemplateValue>([...model, ['compiled_code', sql], ['compiled_sql', sql]])
      : (model ?? null);
  const config = told instanceof Map ? (told.get('config') ?? null) : null;
  const site = { at: definition.at, package: ofPackage, stack: [] };
  const call = callValue(bindMacro(definition, host), [told, CURRENT_VERSION, NEW_ROW, config, exists], new Map(), site);
  return strategyIn(await drive(call, async () => session, run.catalog), definition);
}

function strategyIn(value: TemplateValue, { name, at }: LibraryMacro['definition']): OwnStrategy {
  const wrong = (message: string): never =>
    fail({
      code: 'strategy-returns',
      at,
      message: `the macro '${name}' ${message}`,
      hint: "Let it return {'unique_key': …, 'updated_at': …, 'row_changed': …, 'scd_id': …, 'hard_deletes': …}.",
    });
  if (!(value instanceof Map)) return wrong(`should return a mapping, and returned ${repr(value)}`);
  const text = (key: string): string => {
    const found = value.get(key);
    return typeof found === 'string' && found.trim() !== '' ? found.trim() : wrong(`returns no SQL as '${key}'`);
  };
  const key = fromTemplate(value.get('unique_key') ?? null);
  const uniqueKey = (Array.isArray(key) ? key : [key]).filter((one): one is string => typeof one === 'string' && one !== '');
  if (uniqueKey.length === 0) return wrong("returns no 'unique_key'");
  const word = value.get('hard_deletes') ?? (value.get('invalidate_hard_deletes') === true ? 'invalidate' : 'ignore');
  const hardDeletes = HARD_DELETES.find((one) => one === word) ?? wrong(`returns ${repr(word)} as 'hard_deletes'`);
  return { uniqueKey, updatedAt: text('updated_at'), rowChanged: text('row_changed'), scdId: text('scd_id'), hardDeletes };
}
