// What a parse says, as text, with and without what an earlier one left: for the tests of the parse cache.
import type { Manifest } from '../../src/core/manifest.ts';
import { DwhError } from '../../src/core/problem.ts';
import { secretsOf } from '../../src/core/secrets.ts';
import { linked } from '../../src/engine/open-project.ts';
import { link } from '../../src/graph/link.ts';
import { load, type Project, parse } from '../../src/project/index.ts';
import { type RequestOptions, request } from '../support/fixture.ts';
import { adapterFor } from './project-of.ts';

export interface Outcome {
  /** All that the parse found: the linked project, or the problems. */
  readonly text: string;
  readonly failed: boolean;
  /** Nothing was parsed. */
  readonly restored: boolean;
  /** What templates said with log() and print() while they were parsed. */
  readonly said: readonly string[];
}

const told = ({ nodes: _, disabled: __, linked: ___, before: ____, ...project }: Project, manifest: Manifest): string =>
  JSON.stringify(
    {
      ...project,
      ...manifest,
      nodes: [...manifest.nodes],
      disabled: [...manifest.disabled],
      macros: [...manifest.macros],
      docs: [...manifest.docs],
      target: project.scope().target,
      scopeMacros: [...project.scope().macros.names(project.project_name)],
    },
    null,
    1,
  );

// Files were written long before the run began: their times are trusted.
export const LATER = { startedAt: Date.now() + 3_600_000 };

async function outcome(dir: string, options: RequestOptions, partialParse: boolean): Promise<Outcome> {
  const asked = request('parse', dir, { ...LATER, ...options, partialParse });
  const said: string[] = [];
  try {
    const files = await load(asked);
    const adapter = adapterFor(files);
    const project = parse(files, asked, adapter, (message) => said.push(message));
    const manifest = partialParse
      ? linked(files, project, adapter.dialect, secretsOf([])).manifest
      : link(project, adapter.dialect.maxIdentifierBytes);
    return { text: told(project, manifest), failed: false, restored: project.remember === undefined, said };
  } catch (error) {
    if (error instanceof DwhError) return { text: JSON.stringify(error.problems, null, 1), failed: true, restored: false, said };
    throw error;
  }
}

/** Uses what the last one left, and leaves its own. */
export const warm = (dir: string, options: RequestOptions = {}): Promise<Outcome> => outcome(dir, options, true);
/** --no-partial-parse, and leaves nothing. */
export const cold = (dir: string, options: RequestOptions = {}): Promise<Outcome> => outcome(dir, options, false);
