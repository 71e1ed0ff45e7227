// Parses a project for these tests, without any warehouse: the adapter is DuckDB's facts, written down.

import { adapters } from '../../src/adapters/index.ts';
import type { Node } from '../../src/core/node.ts';
import { DwhError, type Problem } from '../../src/core/problem.ts';
import type { AdapterInfo } from '../../src/project/index.ts';
import { load, type Project, type ProjectFiles, parse } from '../../src/project/index.ts';
import { type Fixture, type RequestOptions, request } from '../support/fixture.ts';

export interface Parsed {
  readonly files: ProjectFiles;
  readonly project: Project;
  /** By unique_id, disabled ones too. */
  readonly nodes: ReadonlyMap<string, Node>;
}

const loaded = new Map(await Promise.all([...adapters].map(async ([type, adapter]) => [type, await adapter()] as const)));

export function adapterFor(files: ProjectFiles): AdapterInfo {
  const adapter = loaded.get(files.target.type);
  if (!adapter) throw new Error(`no adapter '${files.target.type}'`);
  return {
    dialect: adapter.dialect,
    credentials: adapter.credentials(files.target.config, files.root),
  };
}

export async function parsed(fixture: Fixture, options: RequestOptions = {}): Promise<Parsed> {
  const asked = request('parse', fixture.dir, options);
  const files = await load(asked);
  const project = parse(files, asked, adapterFor(files));
  return { files, project, nodes: new Map([...project.nodes, ...project.disabled].map((node) => [node.unique_id as string, node])) };
}

/** All problems of a project that cannot be parsed. */
export async function problemsOf(fixture: Fixture, options: RequestOptions = {}): Promise<readonly Problem[]> {
  try {
    await parsed(fixture, options);
  } catch (error) {
    if (error instanceof DwhError) return error.problems;
    throw error;
  }
  return [];
}

export const warningsOf = async (fixture: Fixture, options: RequestOptions = {}): Promise<readonly Problem[]> =>
  (await parsed(fixture, options)).project.warnings;
