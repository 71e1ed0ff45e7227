// Generic tests: each item under tests: or data_tests: of a model, seed or source, or of one of its columns, becomes a node
// that calls the test's macro. Names, ids and metadata are dbt's. https://docs.getdbt.com/docs/build/data-tests
import type { ParsingSubject } from '../context/types.ts';
import { type ConfigReader, isMapping } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import { type TestNode, uniqueId } from '../core/node.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import { checkArguments } from '../data-tests/index.ts';
import { mappingOf } from './columns.ts';
import { type Config, mergeConfig } from './config-rules.ts';
import { macrosOf, storeFailures, textsOf, withFunctions, writtenConfig } from './file-nodes.ts';
import { memoKey } from './memo.ts';
import { entryKey } from './properties.ts';
import type { Reading } from './reading.ts';
import { recordCalls } from './test-calls.ts';
import { argumentReader, floatsWritten, type TestItem, type TestTarget, takeApart, testItems } from './test-items.ts';
import { type FoundTest, findTest, knownTests } from './test-lookup.ts';
import { spellWith, testHash, testNames } from './test-names.ts';

/** From the memo when the whole file is the same: the places of tests move with every line. */
export function genericTests(reading: Reading, target: TestTarget): readonly TestNode[] {
  const { entry, reader, name, of, tags } = target;
  const before = reading.problems.length;
  const key = memoKey(reading.nodeWorld, 'tests', entryKey(entry), reader.path, name, of, tags);
  return reading.memo.get(key, () => makeTests(reading, target), { keep: () => reading.problems.length === before });
}

function makeTests(reading: Reading, target: TestTarget): readonly TestNode[] {
  const { reader } = target;
  const quoteAll = reader.boolean('quote_columns') ?? false;
  const nodes: TestNode[] = [];
  const add = (holder: ConfigReader, column: ConfigReader | undefined): void => {
    for (const item of testItems(holder, reading.problems)) {
      try {
        const node = testNode(reading, target, item, column, quoteAll);
        if (node) nodes.push(node);
      } catch (error) {
        if (!(error instanceof DwhError)) throw error;
        reading.problems.push(...error.problems);
      }
    }
  };
  const columns = Array.isArray(reader.raw('columns')) ? reader.mappings('columns') : [];
  for (const column of columns) add(column, column);
  add(reader, undefined);
  return nodes;
}

const TEST_NAME = /^(?:([a-zA-Z_]\w*)\.)?([a-zA-Z_]\w*)$/;

function testNode(
  reading: Reading,
  target: TestTarget,
  item: TestItem,
  column: ConfigReader | undefined,
  quoteAll: boolean,
): TestNode | undefined {
  const { file } = target.entry;
  const match = TEST_NAME.exec(item.written);
  if (!match?.[2]) {
    throw new DwhError([
      {
        code: 'test-invalid',
        at: item.at,
        message: `'${item.written}' cannot be the name of a test`,
        hint: 'A test is named like unique, or package.test.',
      },
    ]);
  }
  const [, namespace, name] = match;
  const found = findTest(reading.scope.macros, name, namespace, file.package);
  if (!found) throw new DwhError([notFound(reading, name, namespace, item, file.package)]);
  const { args, config: given, name: ownName, description } = takeApart(reading, target, item);
  const columnName =
    column && (column.boolean('quote') ?? quoteAll)
      ? reading.scope.dialect.quote(column.requiredString('name'))
      : column?.requiredString('name');
  if (found.dataTest) checkArguments(found.dataTest, argumentReader(item, args), column !== undefined);
  const called = modelText(target.of);
  const kwargs: Record<string, unknown> = Object.assign({}, args);
  if (columnName !== undefined) kwargs.column_name = columnName;
  kwargs.model = `{{ get_where_subquery(${called}) }}`;
  const spell = spellWith(floatsWritten(item, target));
  const type = [namespace, target.of.kind === 'source' ? `source_${name}` : name].filter((part) => part !== undefined).join('_');
  const names = ownName === undefined ? testNames(type, target.name, kwargs, spell) : { full: ownName, short: ownName };
  const config: Config = names.short !== names.full && given.alias === undefined ? Object.assign({}, given, { alias: names.short }) : given;
  const metadata = { namespace: namespace ?? null, name, kwargs };
  const fqn = [file.package, ...file.source.path.split('/').slice(1, -1), names.full];
  const raw_code = rawCode(found, name, namespace, config);
  const unique_id = uniqueId('test', file.package, names.full, testHash(names.full, metadata, spell));
  const own = reading.cascade.base('data_tests', file.package, fqn);
  const baseConfig = mergeConfig(own, config);
  const subject: ParsingSubject = {
    unique_id,
    name: names.full,
    package_name: file.package,
    resource_type: 'test',
    original_file_path: file.source.path,
    path: `${names.short}.sql`,
    fqn,
    baseConfig,
    raw_code,
  };
  const calls = recordCalls(reading, target, item, found, subject, kwargs);
  const withMacro = calls.configs.reduce<Config>(
    mergeConfig,
    found.dataTest?.failCalc === undefined ? own : { ...own, fail_calc: found.dataTest.failCalc },
  );
  const ownConfig = withMacro === own ? baseConfig : mergeConfig(withMacro, config);
  const merged = storeFailures(reading.cascade.finish('data_tests', file.package, fqn, ownConfig));
  checkConfig(merged, item);
  const ownTags = [...target.tags, ...columnTags(column), ...textsOf(config.tags)].sort();
  return {
    resource_type: 'test',
    test_kind: 'generic',
    unique_id,
    name: names.full,
    package_name: file.package,
    path: subject.path,
    original_file_path: file.source.path,
    fqn,
    at: item.at,
    description,
    config: merged,
    ...writtenConfig(reading.cascade.written('data_tests', file.package, fqn), [...calls.configs, config]),
    tags: ownTags.length === 0 ? textsOf(merged.tags) : [...new Set([...ownTags, ...textsOf(merged.tags)])],
    meta: mappingOf(merged.meta),
    columns: NONE,
    checksum: '',
    refs: calls.refs,
    ...withFunctions(calls.functions),
    sources: calls.sources,
    ...macrosOf(calls),
    depends_on: NONE,
    ...reading.relationNames(subject, merged),
    raw_code,
    test_metadata: { name, ...(namespace !== undefined && { namespace }), kwargs },
    ...(columnName !== undefined && { column_name: columnName }),
    attached_to: target.of,
    // The key is there for link: to add one to a copy costs ten times as much as to set it.
    attached_node: undefined,
    file_key_name: `${target.entry.kind}.${target.entry.name}`,
  };
}

function modelText(of: TestTarget['of']): string {
  if (of.kind === 'source') return `source('${of.source}', '${of.table}')`;
  return of.version === undefined ? `ref('${of.name}')` : `ref('${of.name}', version='${of.version}')`;
}

/** One list for all: there are more tests than anything else. */
const NONE: readonly never[] = [];

/** `{{ test_unique(**_dbt_generic_test_kwargs) }}{{ config(severity="warn") }}`, as in dbt's manifest. */
function rawCode(found: FoundTest, name: string, namespace: string | undefined, config: Config): string {
  const written = Object.entries(config).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? `"${value.replaceAll('"', '\\"')}"` : python(value)}`,
  );
  const macro = namespace === undefined || found.dataTest ? `test_${name}` : `${namespace}.test_${name}`;
  return `{{ ${macro}(**_dbt_generic_test_kwargs) }}${written.length > 0 ? `{{ config(${written.join(',')}) }}` : ''}`;
}

/** As Python's repr() has it: in the quotes that the text has none of. */
const python = (value: unknown): string => {
  if (typeof value === 'string') {
    const text = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
    return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", "\\'")}'`;
  }
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null || value === undefined) return 'None';
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`;
  if (isMapping(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${python(key)}: ${python(item)}`)
      .join(', ')}}`;
  return String(value);
};

const columnTags = (column: ConfigReader | undefined): readonly string[] =>
  column?.has('tags') || column?.has('config') ? [...textsOf(column.raw('tags')), ...textsOf(mappingOf(column.raw('config')).tags)] : NONE;

function checkConfig(config: Config, item: TestItem): void {
  const severity = String(config.severity ?? 'error').toLowerCase();
  if (severity !== 'warn' && severity !== 'error') {
    item.reader.problem(
      'config-value',
      `'severity' is '${String(config.severity)}', and may be 'warn' or 'error'`,
      undefined,
      item.args.severity === undefined ? ['config', 'severity'] : ['severity'],
    );
  }
}

function notFound(reading: Reading, name: string, namespace: string | undefined, item: TestItem, packageName: string): Problem {
  const near = nearestName(name, knownTests(reading.scope.macros, packageName));
  const shown = namespace === undefined ? name : `${namespace}.${name}`;
  const notInstalled = namespace !== undefined && !reading.scope.macros.hasPackage(namespace);
  const hint = notInstalled
    ? 'List the package in packages.yml, and install it with: dwh deps'
    : `Write it as a block: {% test ${name}(model, column_name) %} … {% endtest %}`;
  return {
    code: 'test-not-found',
    at: item.at,
    message: `there is no test '${shown}'${notInstalled ? `: the package '${namespace}' is not installed` : ''}`,
    hint: near ? `Did you mean '${near}'?` : hint,
  };
}
