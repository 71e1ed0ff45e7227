// Generic tests: each item under tests: or data_tests: of a model, seed or source, or of one of its columns, becomes a node
// that calls the test's macro. Names, ids and metadata are dbt's. https://docs.getdbt.com/docs/build/data-tests
import type { ParsingSubject } from '../context/types.ts';
import { type ConfigPath, ConfigReader, isMapping } from '../core/config-reader.ts';
import type { Location } from '../core/location.ts';
import { nearestName } from '../core/nearest.ts';
import { type RefCall, type SourceCall, type TestNode, uniqueId } from '../core/node.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import { checkArguments } from '../data-tests/index.ts';
import { misspeltProblem } from './cascade.ts';
import { mappingOf } from './columns.ts';
import { type Config, mergeConfig, misspelt } from './config-rules.ts';
import { storeFailures, textsOf } from './file-nodes.ts';
import { memoKey } from './memo.ts';
import { type Entry, entryKey } from './properties.ts';
import type { Reading } from './reading.ts';
import { type Calls, NO_CALLS } from './record.ts';
import { hasJinja, renderAll } from './render-text.ts';
import { isCall, KWARGS_NAME, renderKwargs } from './test-kwargs.ts';
import { type FoundTest, findTest, knownTests } from './test-lookup.ts';
import { spellWith, testHash, testNames } from './test-names.ts';

/** What the tests of one entry (a model, a seed, one table of a source) are about. */
export interface TestTarget {
  readonly entry: Entry;
  /** The reader of the model's entry, or of the source table's. */
  readonly reader: ConfigReader;
  /** The model's name, or source_table. */
  readonly name: string;
  readonly of:
    | { readonly kind: 'node'; readonly name: string }
    | { readonly kind: 'source'; readonly source: string; readonly table: string };
  /** Of the source and its table. */
  readonly tags: readonly string[];
}

/** The names that dbt takes for configs when they stand beside the arguments. */
const CONFIG_ARGUMENTS = [
  'severity',
  'tags',
  'enabled',
  'where',
  'limit',
  'warn_if',
  'error_if',
  'fail_calc',
  'store_failures',
  'store_failures_as',
  'meta',
  'database',
  'schema',
  'alias',
];

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

interface TestItem {
  readonly written: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Reads `args`; its path is where they stand. */
  readonly reader: ConfigReader;
  readonly at: Location;
}

/** Each item as name and arguments, in whichever spelling. */
function testItems(holder: ConfigReader, problems: Problem[]): readonly TestItem[] {
  if (holder.has('tests') && holder.has('data_tests')) {
    holder.problem('tests-twice', "'tests' and 'data_tests' stand here both", "They mean the same: put all of them under 'data_tests:'.", [
      'tests',
    ]);
  }
  const key = holder.has('data_tests') ? 'data_tests' : 'tests';
  const list = holder.raw(key);
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) {
    holder.problem('config-kind', `'${key}' should be a list of tests`, 'Write each after a dash:  - not_null', [key]);
    return [];
  }
  return list.flatMap((item: unknown, index): TestItem[] => {
    const path = [...holder.path, key, index];
    const at = holder.source.locate(path) ?? { file: '', line: 1, column: 1 };
    const make = (written: string, args: unknown, below: ConfigPath): TestItem[] => {
      const values = mappingOf(args);
      if (args !== null && args !== undefined && !isMapping(args)) {
        problems.push({
          code: 'test-invalid',
          at,
          message: `the arguments of the test '${written}' should be a mapping`,
          hint: `Write them below it, indented:  ${written}: then  arguments: …`,
        });
        return [];
      }
      return [{ written, args: values, reader: new ConfigReader(values, holder.source, [...path, ...below]), at }];
    };
    if (typeof item === 'string') return make(item, {}, []);
    if (!isMapping(item)) {
      problems.push({
        code: 'test-invalid',
        at,
        message: 'a test is a name, or a name with arguments',
        hint: 'For example:  - accepted_values: {arguments: {values: [a, b]}}',
      });
      return [];
    }
    if (typeof item.test_name === 'string') {
      const { test_name, ...rest } = item;
      return make(test_name, rest, []);
    }
    const [first, ...more] = Object.keys(item);
    if (first === undefined || more.length > 0) {
      problems.push({
        code: 'test-invalid',
        at,
        message: `this test has several keys (${[first, ...more].join(', ')}), and should have one: its name`,
        hint: `Indent ${more.map((one) => `'${one}'`).join(' and ')} below '${first}:', two spaces further.`,
      });
      return [];
    }
    return make(first, item[first], [first]);
  });
}

/** Takes apart what stands below a test's name: macro arguments, configs, name, description. */
function takeApart(
  reading: Reading,
  target: TestTarget,
  item: TestItem,
): { args: Record<string, unknown>; config: Config; name?: string; description: string } {
  const { arguments: nested, config: nestedConfig, name, description, ...rest } = item.args;
  const args: Record<string, unknown> = { ...rest, ...mappingOf(nested) };
  if (nested !== undefined && nested !== null && !isMapping(nested)) item.reader.mapping('arguments');
  const config: Record<string, unknown> = { ...mappingOf(nestedConfig) };
  for (const key of CONFIG_ARGUMENTS) {
    if (!Object.hasOwn(rest, key)) continue;
    if (config[key] !== undefined)
      item.reader.problem('config-twice', `'${key}' stands both here and under 'config:'`, "Keep the one under 'config:'.", [key]);
    config[key] = rest[key];
    delete args[key];
  }
  if (Object.hasOwn(args, 'model'))
    item.reader.problem('test-invalid', "'model' is not an argument of a test: it stands under its model", 'Remove the argument.', [
      'model',
    ]);
  for (const key of Object.keys(config)) {
    const meant = misspelt('data_tests', key);
    if (meant !== undefined)
      reading.problems.push(misspeltProblem(key, meant, item.reader.source.locate([...item.reader.path, 'config', key])));
  }
  const { file } = target.entry;
  const place = { file: file.source.file, package: file.package, locate: file.yaml.locateValue };
  const rendered = renderAll(config, reading.textHost, place, reading.problems, [...item.reader.path, 'config']);
  return {
    args,
    config: Object.fromEntries(Object.entries(mappingOf(rendered)).filter(([, value]) => value !== null && value !== undefined)),
    ...(name !== undefined && name !== null && { name: String(name) }),
    description: description === undefined ? '' : reading.describe(file.package)(item.reader, 'description'),
  };
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
  const called = target.of.kind === 'node' ? `ref('${target.of.name}')` : `source('${target.of.source}', '${target.of.table}')`;
  const kwargs: Record<string, unknown> = {
    ...args,
    ...(columnName !== undefined && { column_name: columnName }),
    model: `{{ get_where_subquery(${called}) }}`,
  };
  const spell = spellWith(floatsWritten(item, target));
  const type = [namespace, target.of.kind === 'source' ? `source_${name}` : name].filter((part) => part !== undefined).join('_');
  const names = ownName === undefined ? testNames(type, target.name, kwargs, spell) : { full: ownName, short: ownName };
  const config: Config = { ...given, ...(names.short !== names.full && given.alias === undefined && { alias: names.short }) };
  const metadata = { namespace: namespace ?? null, name, kwargs };
  const fqn = [file.package, ...file.source.path.split('/').slice(1, -1), names.full];
  const raw_code = rawCode(found, name, namespace, config);
  const unique_id = uniqueId('test', file.package, names.full, testHash(names.full, metadata, spell));
  const own = reading.cascade.base('data_tests', file.package, fqn);
  const subject: ParsingSubject = {
    unique_id,
    name: names.full,
    package_name: file.package,
    resource_type: 'test',
    original_file_path: file.source.path,
    path: `${names.short}.sql`,
    fqn,
    baseConfig: mergeConfig(own, config),
    raw_code,
  };
  const calls = recordCalls(reading, target, item, found, subject, kwargs);
  const withMacro = calls.configs.reduce<Config>(
    mergeConfig,
    found.dataTest?.failCalc === undefined ? own : { ...own, fail_calc: found.dataTest.failCalc },
  );
  const merged = storeFailures(reading.cascade.finish('data_tests', file.package, fqn, mergeConfig(withMacro, config)));
  checkConfig(merged, item);
  const tags = [...new Set([...target.tags, ...columnTags(column), ...textsOf(config.tags)])].sort();
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
    tags: [...new Set([...tags, ...textsOf(merged.tags)])],
    meta: mappingOf(merged.meta),
    columns: [],
    checksum: '',
    refs: calls.refs,
    sources: calls.sources,
    depends_on_macros: calls.macros,
    depends_on: [],
    ...reading.relationNames(subject, merged),
    raw_code,
    test_metadata: { name, ...(namespace !== undefined && { namespace }), kwargs },
    ...(columnName !== undefined && { column_name: columnName }),
    attached_to: target.of,
    file_key_name: `${target.entry.kind}.${target.entry.name}`,
  };
}

/** `{{ test_unique(**_dbt_generic_test_kwargs) }}{{ config(severity="warn") }}`, as in dbt's manifest. */
function rawCode(found: FoundTest, name: string, namespace: string | undefined, config: Config): string {
  const written = Object.entries(config).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? `"${value.replaceAll('"', '\\"')}"` : python(value)}`,
  );
  const macro = namespace === undefined || found.dataTest ? `test_${name}` : `${namespace}.test_${name}`;
  return `{{ ${macro}(**_dbt_generic_test_kwargs) }}${written.length > 0 ? `{{ config(${written.join(',')}) }}` : ''}`;
}

const python = (value: unknown): string => {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null || value === undefined) return 'None';
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`;
  if (isMapping(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${python(key)}: ${python(item)}`)
      .join(', ')}}`;
  return String(value);
};

/** What a test refers to: its model, and whatever its arguments name. Macros of users are rendered, dwh's own tests are known. */
function recordCalls(
  reading: Reading,
  target: TestTarget,
  item: TestItem,
  found: FoundTest,
  subject: ParsingSubject,
  kwargs: Readonly<Record<string, unknown>>,
): Calls {
  const { file } = target.entry;
  const place = { file: file.source.file, package: file.package, at: item.at };
  if (!found.dataTest) {
    const calls = reading.record(subject, [
      { text: subject.raw_code, file: file.source.file, more: (host) => ({ [KWARGS_NAME]: renderKwargs(kwargs, host, place) }) },
    ]);
    return {
      ...calls,
      refs: calls.refs.map((ref) => ({ ...ref, at: item.at })),
      sources: calls.sources.map((source) => ({ ...source, at: item.at })),
    };
  }
  const refs: RefCall[] = target.of.kind === 'node' ? [{ name: target.of.name, at: item.at }] : [];
  const sources: SourceCall[] = target.of.kind === 'source' ? [{ source: target.of.source, table: target.of.table, at: item.at }] : [];
  const macros = [`macro.dbt.test_${found.dataTest.name}`];
  const { model: _, column_name: __, ...others } = kwargs;
  const templated = Object.fromEntries(Object.entries(others).filter(([, value]) => isTemplated(value)));
  const plain = Object.entries(templated).flatMap(([key, value]) => {
    const name = typeof value === 'string' ? PLAIN_REF.exec(value)?.[2] : undefined;
    return name === undefined ? [] : [{ key, name }];
  });
  for (const { key, name } of plain) {
    refs.push({ name, at: item.at });
    delete templated[key];
  }
  if (Object.keys(templated).length === 0) return { ...NO_CALLS, refs, sources, macros };
  const calls = reading.record(subject, [
    {
      text: '',
      file: file.source.file,
      more: (host) => {
        renderKwargs(templated, host, place);
        return {};
      },
    },
  ]);
  return {
    configs: [],
    refs: [...refs, ...calls.refs.map((ref) => ({ ...ref, at: item.at }))],
    sources: [...sources, ...calls.sources.map((source) => ({ ...source, at: item.at }))],
    macros: [...macros, ...calls.macros],
  };
}

const PLAIN_REF = /^\s*(?:\{\{\s*)?ref\(\s*(['"])([\w.]+)\1\s*\)(?:\s*\}\})?\s*$/;

function isTemplated(value: unknown): boolean {
  if (typeof value === 'string') return hasJinja(value) || isCall(value);
  if (Array.isArray(value)) return value.some(isTemplated);
  return isMapping(value) && Object.values(value).some(isTemplated);
}

const columnTags = (column: ConfigReader | undefined): readonly string[] =>
  column ? [...textsOf(column.raw('tags')), ...textsOf(mappingOf(column.raw('config')).tags)] : [];

/** Arguments may stand below `arguments:` or beside it; problems point to where each stands. */
function argumentReader(item: TestItem, args: Readonly<Record<string, unknown>>): ConfigReader {
  const nested = mappingOf(item.args.arguments);
  const { source, path } = item.reader;
  const locate = (below: ConfigPath): Location => {
    const key = below[path.length];
    const inside = typeof key === 'string' && Object.hasOwn(nested, key) ? [...path, 'arguments', ...below.slice(path.length)] : below;
    return source.locate(inside) ?? item.at;
  };
  return new ConfigReader(args, { locate, problems: source.problems }, path);
}

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

/** Numbers of this test that are written 1.0, as YAML's reader gives plain numbers: for dbt's ids. */
function floatsWritten(item: TestItem, { entry }: TestTarget): ReadonlyMap<number, string> {
  const floats = new Map<number, string>();
  if (!entry.file.floats) return floats;
  const walk = (value: unknown, path: ConfigPath): void => {
    if (Array.isArray(value)) for (const [index, one] of value.entries()) walk(one, [...path, index]);
    else if (isMapping(value)) for (const [key, one] of Object.entries(value)) walk(one, [...path, key]);
    else if (typeof value === 'number' && Number.isInteger(value)) {
      const written = entry.file.yaml.written(path);
      if (written !== undefined && /^[-+]?\d+\.\d*$/.test(written)) floats.set(value, `${value}.0`);
    }
  };
  walk(item.args, item.reader.path);
  return floats;
}

function notFound(reading: Reading, name: string, namespace: string | undefined, item: TestItem, packageName: string): Problem {
  const near = nearestName(name, knownTests(reading.scope.macros, packageName));
  const shown = namespace === undefined ? name : `${namespace}.${name}`;
  return {
    code: 'test-not-found',
    at: item.at,
    message: `there is no test '${shown}'`,
    hint: near ? `Did you mean '${near}'?` : `Write it as a block: {% test ${name}(model, column_name) %} … {% endtest %}`,
  };
}
