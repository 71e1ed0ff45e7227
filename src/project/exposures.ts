// Exposures: what is made from the models outside of the project, a dashboard or an application. A node that nothing refs and
// that nothing runs. https://docs.getdbt.com/reference/exposure-properties
import type { ConfigReader } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import { type ExposureNode, uniqueId } from '../core/node.ts';
import { mappingOf } from './columns.ts';
import { reviewConfig } from './config-review.ts';
import { type Config, mergeConfig } from './config-rules.ts';
import { textsOf, writtenConfig } from './file-nodes.ts';
import type { Entry } from './properties.ts';
import type { Reading } from './reading.ts';
import type { NodeText } from './record.ts';

const TYPES = ['dashboard', 'notebook', 'analysis', 'ml', 'application'] as const;
const MATURITIES = ['low', 'medium', 'high'] as const;
const KEYS = ['name', 'label', 'type', 'owner', 'description', 'maturity', 'url', 'depends_on', 'tags', 'meta', 'config'];

/** Throws DwhError when what it depends on cannot be rendered. */
export function exposureNode(reading: Reading, entry: Entry): ExposureNode {
  const { file, name, reader } = entry;
  warnUnknown(reader);
  const config = reader.mapping('config');
  reviewConfig('exposures', config);
  const fqn = [file.package, ...file.folders, name];
  const { cascade } = reading;
  const own: Config = {
    ...config.values,
    tags: [...textsOf(reader.raw('tags')), ...textsOf(config.raw('tags'))],
    meta: { ...reader.mapping('meta').values, ...mappingOf(config.raw('meta')) },
  };
  const merged = cascade.finish('exposures', file.package, fqn, mergeConfig(cascade.base('exposures', file.package, fqn), own));
  const tags = [...textsOf(merged.tags)].sort();
  const unique_id = uniqueId('exposure', file.package, name);
  const at = reader.at() ?? { file: file.source.file, line: 1, column: 1 };
  const subject = {
    ...{ unique_id, name, package_name: file.package, resource_type: 'exposure', original_file_path: file.source.path },
    ...{ path: [...file.folders, file.source.path.split('/').at(-1)].join('/'), fqn, baseConfig: merged, raw_code: '' },
  };
  const calls = reading.record(subject, dependsOn(reader));
  return {
    resource_type: 'exposure',
    unique_id,
    name,
    package_name: file.package,
    path: subject.path,
    original_file_path: file.source.path,
    fqn,
    at,
    ...reading.describe(file.package)(reader, 'description'),
    config: { ...merged, tags },
    ...writtenConfig(cascade.written('exposures', file.package, fqn), [config.values]),
    tags,
    meta: mappingOf(merged.meta),
    columns: [],
    checksum: '',
    refs: calls.refs,
    sources: calls.sources,
    depends_on_macros: [],
    depends_on: [],
    exposure_type: reader.oneOf('type', TYPES) ?? missingType(reader),
    owner: ownerOf(reader),
    label: reader.string('label') ?? null,
    maturity: reader.oneOf('maturity', MATURITIES) ?? null,
    url: reader.string('url') ?? null,
  };
}

/** Each is an expression as it stands between {{ and }}. Metrics are read over, and so is what names one. */
const dependsOn = (reader: ConfigReader): readonly NodeText[] =>
  reader.strings('depends_on').flatMap((text, index) => {
    if (/^\s*metric\s*\(/.test(text)) return [];
    const place = reader.source.locate([...reader.path, 'depends_on', index]);
    return { text: `{{ ${text} }}`, file: place?.file ?? '', ...(place && { at: place }) };
  });

function missingType(reader: ConfigReader): string {
  if (!reader.has('type'))
    reader.problem('config-missing', `the exposure '${reader.string('name')}' has no type`, `Write one of: ${TYPES.join(', ')}`, []);
  return '';
}

function ownerOf(reader: ConfigReader): ExposureNode['owner'] {
  const owner = reader.mapping('owner');
  const name = owner.string('name');
  const email = Array.isArray(owner.raw('email')) ? owner.strings('email') : owner.string('email');
  if (name === undefined && email === undefined)
    reader.problem('config-missing', `the exposure '${reader.string('name')}' has no owner`, 'Write:  owner: {name: …, email: …}', []);
  return { ...owner.values, name: name ?? null, email: email ?? null };
}

function warnUnknown(reader: ConfigReader): void {
  for (const key of reader.keys()) {
    if (KEYS.includes(key)) continue;
    const near = nearestName(key, KEYS);
    const hint = near ? `Did you mean '${near}'?` : `What is your own goes under 'meta:'.`;
    reader.problem('unknown-key', `'${key}' is not a key of an exposure, and is ignored`, hint, [key], 'warning');
  }
}
