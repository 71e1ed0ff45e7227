// Unit tests: a model's query over given rows. Names, ids and checksums are dbt's; a model with versions has one for each.
// https://docs.getdbt.com/reference/resource-properties/unit-tests
import type { ConfigReader } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import { type FixtureRows, type GivenRows, type ModelNode, type UnitTestNode, type UnitTestOverrides, uniqueId } from '../core/node.ts';
import { fail } from '../core/problem.ts';
import { repr, toTemplate } from '../template/index.ts';
import { mappingOf } from './columns.ts';
import { reviewConfig } from './config-review.ts';
import { type Config, mergeConfig } from './config-rules.ts';
import { textsOf } from './file-nodes.ts';
import { fixtureRows } from './fixture-rows.ts';
import { sha256 } from './hash.ts';
import type { Entry } from './properties.ts';
import type { Reading } from './reading.ts';
import type { PackageFiles, SourceFile } from './types.ts';

const KEYS = ['name', 'model', 'description', 'given', 'expect', 'overrides', 'config', 'versions'];
const OVERRIDES = ['macros', 'vars', 'env_vars'];

/** `models`: of all packages; a unit test is of one in its own. Throws DwhError. */
export function unitTests(
  reading: Reading,
  entry: Entry,
  models: readonly ModelNode[],
  files: PackageFiles['files'],
): readonly UnitTestNode[] {
  const { file, name, reader } = entry;
  reportUnknown(reader, KEYS, 'a unit test');
  const model = reader.requiredString('model').trim();
  const own = models.filter((one) => one.package_name === file.package);
  const tested = own.filter((one) => one.name === model);
  if (tested.length === 0) {
    // One that could not be made is a problem of its own.
    if (files.model.some(({ below }) => below.replace(/^.*\//, '').replace(/\.[^.]*$/, '') === model)) return [];
    const near = nearestName(
      model,
      own.map((one) => one.name),
    );
    return fail({
      code: 'unit-test-model',
      message: `the unit test '${name}' is of the model '${model}', and the package '${file.package}' has no such model`,
      at: reader.at('model') ?? { file: file.source.file, line: 1, column: 1 },
      hint: near ? `Did you mean '${near}'?` : 'Name a model; seeds, snapshots and sources have no query of their own to test.',
    });
  }
  const chosen = ofVersions(reader, name, tested);
  const of = `the unit test '${name}'`;
  const expectReader = reader.mapping('expect');
  if (!reader.has('expect')) reader.problem('config-missing', `${of} expects nothing`, 'Write  expect: {rows: […]}', []);
  const given = reader.mappings('given').map((one) => givenRows(reading, entry, one, of, files));
  if (!reader.has('expect')) return [];
  const expect = fixtureRows(expectReader, `what ${of} expects`, files.fixture);
  const overrides = overridesOf(reader);
  const fqn = [file.package, ...file.folders, model, name];
  const { cascade } = reading;
  const config = reader.mapping('config');
  reviewConfig('unit_tests', config);
  const tags = textsOf(config.raw('tags'));
  const nearer: Config = { ...config.values, ...(tags.length > 0 && { tags }) };
  const merged = cascade.finish('unit_tests', file.package, fqn, mergeConfig(cascade.base('unit_tests', file.package, fqn), nearer));
  const at = reader.at() ?? { file: file.source.file, line: 1, column: 1 };
  const versions = reader.has('versions') ? versionsOf(reader.mapping('versions')) : undefined;
  const checksum = sha256(
    [
      model,
      versions ? `UnitTestNodeVersions(include=${python(versions.include)}, exclude=${python(versions.exclude)})` : 'None',
      `[${given.map((one) => `UnitTestInputFixture(input=${python(one.input)}, ${fixtureText(one)})`).join(', ')}]`,
      `UnitTestOutputFixture(${fixtureText(expect)})`,
      overrides
        ? `UnitTestOverrides(macros=${python(overrides.macros)}, vars=${python(overrides.vars)}, env_vars=${python(overrides.env_vars)})`
        : 'None',
      ...given.flatMap((one) => (one.fixture === null ? [] : [typeof one.rows === 'string' ? one.rows : python(one.rows)])),
    ].join('-'),
  );
  const { description } = reading.describe(file.package)(reader, 'description');
  return chosen.map((one): UnitTestNode => {
    const version = one.extra.version as string | number | undefined;
    return {
      resource_type: 'unit_test',
      unique_id: uniqueId('unit_test', file.package, model, version === undefined ? name : `${name}_v${version}`),
      name,
      package_name: file.package,
      path: [...file.folders, file.source.path.slice(file.source.path.lastIndexOf('/') + 1)].join('/'),
      original_file_path: file.source.path,
      fqn,
      at,
      description,
      // Nobody can try a model that is not there.
      config: one.config.enabled === false ? { ...merged, enabled: false } : merged,
      tags: textsOf(merged.tags),
      meta: mappingOf(merged.meta),
      columns: [],
      checksum,
      refs: [{ name: model, package: file.package, at, ...(version !== undefined && { version }) }],
      sources: [],
      depends_on_macros: [],
      depends_on: [],
      model,
      schema: one.relation.schema,
      given,
      expect,
      ...(overrides && { overrides }),
      ...(versions && { versions }),
      ...(version !== undefined && { version }),
    };
  });
}

function givenRows(reading: Reading, { file, name }: Entry, reader: ConfigReader, of: string, files: PackageFiles['files']): GivenRows {
  const input = reader.requiredString('input');
  const at = reader.at('input') ?? { file: file.source.file, line: 1, column: 1 };
  const call = callOf(reading, file.package, name, input, at);
  const seed = (): SourceFile | undefined =>
    call.of === 'ref' && (call.package === undefined || call.package === file.package)
      ? files.seed.find(({ below }) => below.replace(/^.*\//, '').replace(/\.csv$/, '') === call.name)?.source
      : undefined;
  return { input, call, ...fixtureRows(reader, `the input ${input} of ${of}`, files.fixture, seed) };
}

function callOf(reading: Reading, packageName: string, name: string, input: string, at: GivenRows['at']): GivenRows['call'] {
  if (input.trim() === 'this') return { of: 'this' };
  const subject = {
    ...{ unique_id: `unit_test.${packageName}.${name}`, name, package_name: packageName, resource_type: 'unit_test' },
    ...{ original_file_path: at.file, path: at.file, fqn: [], baseConfig: {}, raw_code: '' },
  };
  const { refs, sources } = reading.record(subject, [{ text: `{{ ${input} }}`, file: at.file, at }]);
  const [ref] = refs;
  const [source] = sources;
  if (ref) return { of: 'ref', ...ref, at };
  if (source) return { of: 'source', ...source, at };
  return fail({
    code: 'unit-test-input',
    message: `'${input}' is no input of a model`,
    at,
    hint: "Write  input: ref('model')  or  source('source', 'table')  or  this",
  });
}

function overridesOf(reader: ConfigReader): UnitTestOverrides | undefined {
  if (!reader.has('overrides')) return undefined;
  const overrides = reader.mapping('overrides');
  reportUnknown(overrides, OVERRIDES, 'overrides');
  return {
    macros: overrides.mapping('macros').values,
    vars: overrides.mapping('vars').values,
    env_vars: overrides.mapping('env_vars').values,
  };
}

const list = (reader: ConfigReader, key: string): readonly (string | number)[] | null => {
  const value = reader.raw(key);
  return value === undefined || value === null ? null : ([value].flat() as (string | number)[]);
};

const versionsOf = (reader: ConfigReader): NonNullable<UnitTestNode['versions']> => ({
  include: list(reader, 'include'),
  exclude: list(reader, 'exclude'),
});

function ofVersions(reader: ConfigReader, name: string, models: readonly ModelNode[]): readonly ModelNode[] {
  const { include, exclude } = reader.has('versions') ? versionsOf(reader.mapping('versions')) : { include: null, exclude: null };
  if (include === null && exclude === null) return models;
  const at = { at: reader.at('versions') ?? { file: '', line: 1, column: 1 } };
  const versions = models.flatMap((model) => (model.extra.version === undefined ? [] : [String(model.extra.version)]));
  const [first] = models;
  if (versions.length === 0)
    return fail({
      code: 'unit-test-model',
      message: `the unit test '${name}' chooses versions, and the model '${first?.name}' has none`,
      ...at,
      hint: "Take 'versions:' out.",
    });
  const has = (chosen: readonly (string | number)[] | null, model: ModelNode): boolean =>
    chosen?.some((one) => String(one) === String(model.extra.version)) ?? false;
  const chosen = models.filter((model) => (exclude && exclude.length > 0 ? !has(exclude, model) : has(include, model)));
  if (chosen.length > 0) return chosen;
  return fail({
    code: 'unit-test-model',
    message: `the unit test '${name}' chooses no version of '${first?.name}' that there is`,
    ...at,
    hint: `Its versions are: ${versions.join(', ')}`,
  });
}

function reportUnknown(reader: ConfigReader, known: readonly string[], of: string): void {
  for (const key of reader.keys()) {
    if (known.includes(key)) continue;
    const near = nearestName(key, known);
    const hint = near ? `Did you mean '${near}'?` : `There are: ${known.join(', ')}`;
    reader.problem('unknown-key', `'${key}' is not a key of ${of}, and is ignored`, hint, [key], 'warning');
  }
}

const python = (value: unknown): string => repr(toTemplate(value));

/** As Python spells dbt's record of it: that is what dbt hashes. */
const fixtureText = ({ rows, format, fixture }: FixtureRows): string => {
  const name = format === 'dict' ? 'Dict' : format.toUpperCase();
  return `rows=${python(rows)}, format=<UnitTestFormat.${name}: '${format}'>, fixture=${python(fixture)}`;
};
