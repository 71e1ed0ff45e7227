// Groups: who owns models, and whose private models see each other. https://docs.getdbt.com/docs/build/groups
import type { ConfigReader } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import type { GroupEntry } from '../core/node.ts';
import { mappingOf } from './columns.ts';
import type { Describe } from './docs.ts';
import { belowFolder, type Entry } from './properties.ts';

const KEYS = ['name', 'owner', 'description', 'config', 'meta'];

export function groupEntry({ name, file, reader }: Entry, describe: Describe): GroupEntry {
  for (const key of reader.keys()) {
    if (KEYS.includes(key)) continue;
    const near = nearestName(key, KEYS);
    const hint = near ? `Did you mean '${near}'?` : `What is your own goes under 'config: meta:'.`;
    reader.problem('unknown-key', `'${key}' is not a key of a group, and is ignored`, hint, [key], 'warning');
  }
  const config = reader.mapping('config');
  return {
    unique_id: `group.${file.package}.${name}`,
    name,
    package_name: file.package,
    path: belowFolder(file),
    original_file_path: file.source.path,
    owner: ownerOf(reader, name),
    description: reader.has('description') ? describe(reader, 'description').description : null,
    config: { ...config.values, meta: { ...mappingOf(reader.raw('meta')), ...mappingOf(config.raw('meta')) } },
    at: reader.at() ?? { file: file.source.file, line: 1, column: 1 },
  };
}

function ownerOf(reader: ConfigReader, name: string): GroupEntry['owner'] {
  const owner = reader.mapping('owner');
  const email: unknown = owner.raw('email') ?? null;
  const person = owner.string('name') ?? null;
  if (email === null && person === null)
    reader.problem('config-missing', `the group '${name}' has no owner`, 'Write:  owner: {name: …, email: …}', []);
  return { ...owner.values, email, name: person };
}
