// Functions of the user's own: a file holds the body, properties say what goes in and what comes out.
// https://docs.getdbt.com/docs/build/udfs
import type { ConfigReader } from '../core/config-reader.ts';
import type { FunctionArgument, FunctionNode } from '../core/node.ts';
import { type FileKindRules, type Own, remembered } from './file-nodes.ts';
import { hooksOf } from './hooks.ts';
import type { Entry } from './properties.ts';
import type { Reading } from './reading.ts';
import type { FoundFile } from './types.ts';

const FUNCTION: FileKindRules = { type: 'function', section: 'functions', entries: 'functions', prefix: [] };

/** Throws DwhError when its text cannot be rendered. */
export const functionNode = (reading: Reading, found: FoundFile, packageName: string): FunctionNode =>
  remembered(reading, FUNCTION, found, packageName, ({ base, subject }, entry) => {
    const returns = entry && returnsOf(entry);
    return Object.assign(base, {
      resource_type: 'function',
      materialized: String(base.config.materialized),
      ...reading.relationNames(subject, base.config),
      raw_code: subject.raw_code,
      pre_hooks: hooksOf(base.config['pre-hook']),
      post_hooks: hooksOf(base.config['post-hook']),
      arguments: entry ? entry.reader.mappings('arguments').map(argumentOf) : [],
      ...(returns && { returns }),
    } satisfies Own<FunctionNode>);
  });

function argumentOf(reader: ConfigReader): FunctionArgument {
  const name = reader.requiredString('name');
  const data_type = reader.requiredString('data_type');
  return { name, data_type, description: reader.string('description') ?? null, default_value: defaultOf(reader) };
}

/** SQL, or a number as it is. */
function defaultOf(reader: ConfigReader): FunctionArgument['default_value'] {
  const value = reader.raw('default_value');
  return typeof value === 'number' || typeof value === 'boolean' ? value : (reader.string('default_value') ?? null);
}

function returnsOf({ reader }: Entry): FunctionNode['returns'] {
  if (!reader.has('returns')) return undefined;
  const returns = reader.mapping('returns');
  return { data_type: returns.requiredString('data_type'), description: returns.string('description') ?? null };
}
