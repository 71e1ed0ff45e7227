// What a generic test calls and refers to while it is parsed. Macros of users are rendered; of dwh's own tests it is known.
import type { ParsingSubject } from '../context/types.ts';
import { isMapping } from '../core/config-reader.ts';
import type { RefCall, SourceCall } from '../core/node.ts';
import type { Reading } from './reading.ts';
import { type Calls, NO_CALLS, type NodeText } from './record.ts';
import { hasJinja } from './render-text.ts';
import { namesNodes, type TestItem, type TestTarget } from './test-items.ts';
import { isCall, KWARGS_NAME, renderKwargs } from './test-kwargs.ts';
import type { FoundTest } from './test-lookup.ts';

/** The test's model, and whatever its arguments name. */
export function recordCalls(
  reading: Reading,
  target: TestTarget,
  item: TestItem,
  found: FoundTest,
  subject: ParsingSubject,
  kwargs: Readonly<Record<string, unknown>>,
): Calls {
  const { file } = target.entry;
  const place = { file: file.source.file, package: file.package, at: item.at };
  const { where } = subject.baseConfig;
  const condition: readonly NodeText[] = namesNodes(where) ? [{ text: where, file: file.source.file, at: item.at }] : [];
  if (!found.dataTest) {
    const calls = reading.record(subject, [
      {
        text: subject.raw_code,
        file: file.source.file,
        at: item.at,
        more: (host) => ({ [KWARGS_NAME]: renderKwargs(kwargs, host, place) }),
      },
      ...condition,
    ]);
    return {
      ...calls,
      // Its macro first, and behind it what the arguments call, though they are rendered before.
      called: [...calls.called.slice(-1), ...calls.called.slice(0, -1)],
      refs: calls.refs.map((ref) => ({ ...ref, at: item.at })),
      sources: calls.sources.map((source) => ({ ...source, at: item.at })),
    };
  }
  // The model comes last, as the last of the arguments.
  const own: RefCall[] = target.of.kind === 'node' ? [modelCall(target.of, found.dataTest.name, item)] : [];
  const ownSource: readonly SourceCall[] =
    target.of.kind === 'source' ? [{ source: target.of.source, table: target.of.table, at: item.at }] : NO_CALLS.sources;
  const refs: RefCall[] = [];
  const subquery = reading.scope.macros.find('get_where_subquery', file.package);
  const macros = [`macro.dbt.test_${found.dataTest.name}`, ...(subquery ? [subquery.unique_id] : [])];
  const templated: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(kwargs)) {
    if (key === 'model' || key === 'column_name' || !isTemplated(value)) continue;
    const name = typeof value === 'string' ? PLAIN_REF.exec(value)?.[2] : undefined;
    if (name === undefined) templated[key] = value;
    else refs.push({ name, at: item.at });
  }
  if (Object.keys(templated).length === 0 && condition.length === 0)
    return { ...NO_CALLS, refs: [...refs, ...own], sources: ownSource, macros, called: macros };
  const calls = reading.record(subject, [
    {
      text: '',
      file: file.source.file,
      more: (host) => {
        renderKwargs(templated, host, place);
        return {};
      },
    },
    ...condition,
  ]);
  return {
    configs: [],
    functions: calls.functions,
    refs: [...refs, ...calls.refs.map((ref) => ({ ...ref, at: item.at })), ...own],
    sources: [...calls.sources.map((source) => ({ ...source, at: item.at })), ...ownSource],
    macros: [...macros, ...calls.macros],
    called: [...macros, ...calls.called],
  };
}

/** What dbt makes of a version: text where the test's arguments were rendered, else what it is. */
function modelCall({ name, version }: Extract<TestTarget['of'], { kind: 'node' }>, test: string, { at }: TestItem): RefCall {
  if (version === undefined) return { name, at };
  return { name, version: test === 'unique' || test === 'not_null' ? version : String(version), at };
}

const PLAIN_REF = /^\s*(?:\{\{\s*)?ref\(\s*(['"])([\w.]+)\1\s*\)(?:\s*\}\})?\s*$/;

function isTemplated(value: unknown): boolean {
  if (typeof value === 'string') return hasJinja(value) || isCall(value);
  if (Array.isArray(value)) return value.some(isTemplated);
  return isMapping(value) && Object.values(value).some(isTemplated);
}
