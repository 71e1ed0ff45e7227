// Snapshots: blocks of .sql files below snapshot-paths, any number in one, or entries of YAML that name a relation.
// https://docs.getdbt.com/docs/build/snapshots
import type { Location } from '../core/location.ts';
import type { SnapshotNode } from '../core/node.ts';
import { fail } from '../core/problem.ts';
import { parseTemplate } from '../template/index.ts';
import type { Block } from '../template/types.ts';
import { type FileKindRules, make, type Written } from './file-nodes.ts';
import { hooksOf } from './hooks.ts';
import { memoKey } from './memo.ts';
import { type Entry, entryKey } from './properties.ts';
import type { Reading } from './reading.ts';
import type { NamedRelation } from './relation-names.ts';
import type { FoundFile } from './types.ts';

const SNAPSHOT: FileKindRules = { type: 'snapshot', section: 'snapshots', entries: 'snapshots', prefix: [] };

/** Throws DwhError when the file is no template. */
export function snapshotBlocks({ source, below }: FoundFile, packageName: string): readonly Written[] {
  const blocks = parseTemplate(source.text(), { file: source.file, package: packageName }).blocks;
  return blocks
    .filter(({ kind }) => kind === 'snapshot')
    .map((block) => ({
      name: block.name,
      raw_code: block.inner,
      raw_code_at: innerPlace(block),
      at: block.at,
      source,
      path: below,
      fqn: [packageName, ...below.replace(/\.[^./]*$/, '').split('/'), block.name],
    }));
}

/** Where the text behind the opening tag begins. */
function innerPlace({ at, source, inner }: Block): Location {
  const before = source.slice(0, source.indexOf('%}') + 2);
  const lines = source.slice(0, source.indexOf(inner, before.length)).split('\n');
  return lines.length === 1
    ? { ...at, column: at.column + before.length }
    : { ...at, line: at.line + lines.length - 1, column: (lines.at(-1) ?? '').length + 1 };
}

/** Throws DwhError when what it names is neither a ref nor a source. */
export function snapshotEntry({ file, name, reader }: Entry): Written {
  const relation = (reader.string('relation') ?? '').trim();
  const at = reader.at() ?? { file: file.source.file, line: 1, column: 1 };
  const raw_code_at = reader.at('relation') ?? at;
  if (!/^(?:ref|source)\s*\(.*\)$/s.test(relation)) {
    fail({
      code: 'snapshot-relation',
      at: raw_code_at,
      message: `the relation of snapshot '${name}' is '${relation}', and should be a ref() or a source()`,
      hint: "Write:  relation: ref('orders'), without braces.",
    });
  }
  return {
    name,
    raw_code: `select * from {{ ${relation} }}`,
    raw_code_at,
    at,
    source: file.source,
    path: [...file.folders, file.source.path.split('/').at(-1), `${name}.sql`].join('/'),
    fqn: [file.package, ...file.folders, name],
  };
}

/** From the memo when its file and its properties are the same. Throws DwhError when it cannot be rendered. */
export function snapshotNode(reading: Reading, written: Written, packageName: string): SnapshotNode {
  const entry = reading.entries.take('snapshots', written.name, packageName, reading.problems);
  const before = reading.problems.length;
  const { source, ...text } = written;
  const key = memoKey(reading.nodeWorld, 'snapshot', packageName, text, source.file, source.hash(), entry && entryKey(entry));
  return reading.memo.get(key, () => snapshotOf(reading, written, packageName, entry), {
    keep: () => reading.problems.length === before,
  });
}

function snapshotOf(reading: Reading, written: Written, packageName: string, entry: Entry | undefined): SnapshotNode {
  const { base, subject } = make(reading, SNAPSHOT, written, packageName, entry);
  return {
    ...base,
    resource_type: 'snapshot',
    materialized: 'snapshot',
    ...inTargetSchema(reading.relationNames(subject, base.config), base.config),
    raw_code: subject.raw_code,
    raw_code_at: written.raw_code_at,
    pre_hooks: hooksOf(base.config['pre-hook']),
    post_hooks: hooksOf(base.config['post-hook']),
  };
}

/** The older keys name the place itself: generate_schema_name has no say in it. */
function inTargetSchema(named: NamedRelation, { target_schema, target_database }: Readonly<Record<string, unknown>>): NamedRelation {
  return {
    ...named,
    relation: {
      ...named.relation,
      ...(target_database ? { database: String(target_database) } : {}),
      ...(target_schema ? { schema: String(target_schema) } : {}),
    },
  };
}
