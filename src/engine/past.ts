// What `state:`, `result:`, `source_status:` and `git:` compare with: the artifacts of an earlier run in the folder that --state
// names, and git. Read when a selector asks for it, each once.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Dialect } from '../adapters/dialect.ts';
import { isMapping } from '../core/config-reader.ts';
import { once } from '../core/once.ts';
import { fail } from '../core/problem.ts';
import type { Json, Past } from '../graph/past.ts';
import { manifestNode } from './node-json.ts';

export interface Places {
  /** Of the project; absolute. */
  readonly root: string;
  /** Absolute. */
  readonly targetPath: string;
  /** As given: absolute, or relative to the project. */
  readonly state: string | undefined;
}

export function pastOf({ root, targetPath, state }: Places, dialect: Dialect): Past {
  const earlier = (file: string): Json => {
    if (state === undefined || state === '')
      return fail({
        code: 'selector-needs-state',
        message: `the selection compares with an earlier run, and nothing says where its ${file} is`,
        hint: 'Name the folder with --state',
      });
    return readArtifact(join(resolve(root, state), file), 'selector-needs-state', {
      asking: SELECTION,
      hint: 'Let the earlier run write it, or name another folder with --state',
    });
  };
  return {
    manifest: once(() => earlier('manifest.json')),
    today: (node) => manifestNode(node, dialect),
    results: once(() => statuses(earlier('run_results.json'))),
    freshness: once(() => ({
      before: newestRows(earlier('sources.json')),
      now: newestRows(
        readArtifact(join(targetPath, 'sources.json'), 'selector-needs-state', {
          asking: SELECTION,
          hint: 'Write it with: dwh source freshness',
        }),
      ),
    })),
    changedSince: (ref) => changedFiles(root, ref),
  };
}

const SELECTION = 'the selection compares with';

/** Throws DwhError of that code. `asking`: what needs it, for the message. */
export function readArtifact(path: string, code: string, { asking, hint }: { readonly asking: string; readonly hint: string }): Json {
  if (!existsSync(path)) fail({ code, message: `${asking} ${path}, which is not there`, hint });
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isMapping(read)) return read;
  } catch {
    // Said below, as of any other text that is no artifact.
  }
  return fail({ code, message: `${path} is no artifact: it should hold one JSON object`, hint });
}

const resultsOf = (artifact: Json): readonly Json[] => (Array.isArray(artifact.results) ? artifact.results.filter(isMapping) : []);

const statuses = (artifact: Json): ReadonlyMap<string, string> =>
  new Map(resultsOf(artifact).map(({ unique_id, status }) => [String(unique_id), String(status)]));

/** Sources whose freshness could not be told have no time, and are left out. */
const newestRows = (artifact: Json): ReadonlyMap<string, number> =>
  new Map(
    resultsOf(artifact).flatMap(({ unique_id, max_loaded_at }) => {
      const ms = Date.parse(String(max_loaded_at));
      return Number.isNaN(ms) ? [] : [[String(unique_id), ms] as const];
    }),
  );

/** As they are on disk, against a commit: changed, removed, and those that git does not know yet. */
function changedFiles(root: string, ref: string): ReadonlySet<string> {
  const git = (...args: readonly string[]): readonly string[] => {
    try {
      const said = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'pipe'] });
      return said.split('\0').filter((file) => file !== '');
    } catch (error) {
      const reason = isMapping(error) && typeof error.stderr === 'string' ? error.stderr.trim().split('\n')[0] : undefined;
      return fail({
        code: 'selector-git',
        message: `'git:${ref}' cannot be answered: ${reason || (error instanceof Error ? error.message : String(error))}`,
        hint: 'Name a branch, tag or commit of the repository that the project is in',
      });
    }
  };
  return new Set([
    ...git('diff', '--name-only', '--relative', '-z', '--end-of-options', ref, '--'),
    ...git('ls-files', '--others', '--exclude-standard', '-z'),
  ]);
}
