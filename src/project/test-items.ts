// Tests as properties write them, in whichever spelling: a name, a name with arguments, arguments and configs apart or side by
// side. https://docs.getdbt.com/reference/resource-properties/data-tests
import { type ConfigPath, ConfigReader, isMapping } from '../core/config-reader.ts';
import type { Location } from '../core/location.ts';
import type { Problem } from '../core/problem.ts';
import type { ModelVersion } from '../core/versions.ts';
import { PyFloat, text } from '../template/index.ts';
import { mappingOf } from './columns.ts';
import { reviewConfig } from './config-review.ts';
import type { Config } from './config-rules.ts';
import { isWrittenAsFloat } from './floats.ts';
import type { Entry } from './properties.ts';
import type { Reading } from './reading.ts';
import { renderAll } from './render-text.ts';

/** What the tests of one entry (a model, a seed, one table of a source) are about. */
export interface TestTarget {
  readonly entry: Entry;
  /** The reader of the model's entry, or of the source table's. */
  readonly reader: ConfigReader;
  /** The model's name, or source_table. */
  readonly name: string;
  readonly of:
    | { readonly kind: 'node'; readonly name: string; readonly version?: ModelVersion }
    | { readonly kind: 'source'; readonly source: string; readonly table: string };
  /** Of the source and its table. */
  readonly tags: readonly string[];
}

export interface TestItem {
  readonly written: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Reads `args`; its path is where they stand. */
  readonly reader: ConfigReader;
  readonly at: Location;
}

/** Each item as name and arguments. */
export function testItems(holder: ConfigReader, problems: Problem[]): readonly TestItem[] {
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

/** A condition may name other nodes: what they are called is known when the test runs. */
export const namesNodes = (where: unknown): where is string => typeof where === 'string' && /\{[{%][\s\S]*\b(ref|source)\s*\(/.test(where);

/** Takes apart what stands below a test's name: macro arguments, configs, name, description. */
export function takeApart(
  reading: Reading,
  target: TestTarget,
  item: TestItem,
): { args: Record<string, unknown>; config: Config; name?: string; description: string } {
  if (Object.keys(item.args).length === 0) return { args: {}, config: {}, description: '' };
  const { arguments: nested, config: nestedConfig, name, description, ...rest } = item.args;
  const args: Record<string, unknown> = { ...rest, ...mappingOf(nested) };
  for (const [key, value] of [
    ['arguments', nested],
    ['config', nestedConfig],
  ] as const) {
    if (value !== undefined && value !== null && !isMapping(value)) item.reader.mapping(key);
  }
  const within = mappingOf(nestedConfig);
  // The order is dbt's: it is the order in the test's raw_code.
  const config: Record<string, unknown> = {};
  for (const key of CONFIG_ARGUMENTS) {
    if (Object.hasOwn(within, key)) config[key] = within[key];
    if (!Object.hasOwn(rest, key)) continue;
    if (config[key] !== undefined)
      item.reader.problem('config-twice', `'${key}' stands both here and under 'config:'`, "Keep the one under 'config:'.", [key]);
    config[key] = rest[key];
    delete args[key];
  }
  Object.assign(config, Object.fromEntries(Object.entries(within).filter(([key]) => !Object.hasOwn(config, key))));
  if (Object.hasOwn(args, 'model'))
    item.reader.problem('test-invalid', "'model' is not an argument of a test: it stands under its model", 'Remove the argument.', [
      'model',
    ]);
  const { file } = target.entry;
  const place = { file: file.source.file, package: file.package, locate: file.yaml.locateValue };
  const isLate = (path: ConfigPath): boolean => path.at(-1) === 'where' && namesNodes(config.where);
  const rendered = mappingOf(renderAll(config, reading.textHost, place, reading.problems, [...item.reader.path, 'config'], isLate));
  const locate = (path: ConfigPath) =>
    item.reader.source.locate([...item.reader.path, ...(Object.hasOwn(within, String(path[0])) ? ['config'] : []), ...path]);
  reviewConfig('data_tests', new ConfigReader(rendered, { locate, problems: reading.problems }));
  return {
    args,
    config: Object.fromEntries(Object.entries(rendered).filter(([, value]) => value !== null && value !== undefined)),
    ...(name !== undefined && name !== null && { name: String(name) }),
    description: description === undefined ? '' : reading.describe(file.package)(item.reader, 'description').description,
  };
}

/** Arguments may stand below `arguments:` or beside it; problems point to where each stands. */
export function argumentReader(item: TestItem, args: Readonly<Record<string, unknown>>): ConfigReader {
  const nested = mappingOf(item.args.arguments);
  const { source, path } = item.reader;
  const locate = (below: ConfigPath): Location => {
    const key = below[path.length];
    const inside = typeof key === 'string' && Object.hasOwn(nested, key) ? [...path, 'arguments', ...below.slice(path.length)] : below;
    return source.locate(inside) ?? item.at;
  };
  return new ConfigReader(args, { locate, problems: source.problems }, path);
}

/** Numbers of this test that are written 1.0, as YAML's reader gives plain numbers: for dbt's ids. */
export function floatsWritten(item: TestItem, { entry }: TestTarget): ReadonlyMap<number, string> {
  const floats = new Map<number, string>();
  if (!entry.file.floats) return floats;
  const walk = (value: unknown, path: ConfigPath): void => {
    if (Array.isArray(value)) for (const [index, one] of value.entries()) walk(one, [...path, index]);
    else if (isMapping(value)) for (const [key, one] of Object.entries(value)) walk(one, [...path, key]);
    else if (Number.isInteger(value) && isWrittenAsFloat(value, entry.file.yaml.written(path))) floats.set(value, text(new PyFloat(value)));
  };
  walk(item.args, item.reader.path);
  return floats;
}
