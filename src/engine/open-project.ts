// The first half of the path: load, parse, link. Every command begins so.
import { adapters } from '../adapters/index.ts';
import type { Adapter, Credentials } from '../adapters/adapter.ts';
import type { Emit } from '../core/event.ts';
import { nearestName } from '../core/nearest.ts';
import type { Manifest } from '../core/manifest.ts';
import { DwhError, fail, type Problem } from '../core/problem.ts';
import type { Request } from '../core/request.ts';
import { link } from '../graph/link.ts';
import { load, parse, type Project, type ProjectFiles } from '../project/index.ts';

export interface OpenProject {
  readonly files: ProjectFiles;
  readonly adapter: Adapter;
  readonly credentials: Credentials;
  readonly project: Project;
  readonly manifest: Manifest;
}

export function adapterOf(type: string): Adapter {
  const found = adapters.get(type);
  if (found) return found;
  const near = nearestName(type, adapters.keys());
  return fail({ code: 'adapter-not-found', message: `the profile's type is '${type}', and there is no such adapter`, hint: near ? `Did you mean '${near}'?` : `There are: ${[...adapters.keys()].join(', ')}` });
}

/** Throws one DwhError with all that is wrong in the project's files. */
export async function openProject(request: Request, emit: Emit): Promise<OpenProject> {
  const say = (message: string, level: 'debug' | 'info'): void => emit({ type: 'note', message, level });
  const files = await load(request);
  const adapter = adapterOf(files.target.type);
  const credentials = adapter.credentials(files.target.config, files.root);
  const project = parse(files, request, { parents: adapter.parents, dialect: adapter.dialect, credentials }, say);
  const manifest = link(project);
  return { files, adapter, credentials, project, manifest };
}

/** With --warn-error a warning stops like an error. */
export function refuseWarnings(warnings: readonly Problem[], request: Request): void {
  const [first, ...rest] = warnings.map((warning): Problem => ({ ...warning, severity: 'error' }));
  if (request.warnError && first) throw new DwhError([first, ...rest]);
}
