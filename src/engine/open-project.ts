// The first half of the path: load, parse, link. Every command begins so.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Adapter, Credentials } from '../adapters/adapter.ts';
import type { Dialect } from '../adapters/dialect.ts';
import { adapters } from '../adapters/index.ts';
import type { Emit } from '../core/event.ts';
import type { Location } from '../core/location.ts';
import type { Manifest } from '../core/manifest.ts';
import { nearestName } from '../core/nearest.ts';
import { DwhError, fail, isError, type Problem, throwIfAny } from '../core/problem.ts';
import type { Request } from '../core/request.ts';
import { secretsOfValue } from '../core/secret-names.ts';
import type { Secrets } from '../core/secrets.ts';
import { judged, NO_POLICY } from '../core/warnings.ts';
import { deprecations } from '../graph/deprecations.ts';
import { link } from '../graph/link.ts';
import { relink } from '../graph/relink.ts';
import { fileScope, load, type Project, type ProjectFiles, parse, rememberParse } from '../project/index.ts';
import { withLine } from './problems.ts';

export interface OpenProject {
  readonly files: ProjectFiles;
  readonly adapter: Adapter;
  readonly credentials: Credentials;
  readonly project: Project;
  readonly manifest: Manifest;
  /** Equal ids mean equal manifests; undefined: it is not known what is equal. */
  readonly manifestId: string | undefined;
  readonly secrets: Secrets;
}

export async function adapterOf(type: string, at?: Location): Promise<Adapter> {
  const found = adapters.get(type);
  if (found) return found();
  const near = nearestName(type, adapters.keys());
  return fail({
    code: 'adapter-not-found',
    ...(at && { at }),
    message: `the profile's type is '${type}', and there is no such adapter`,
    hint: near ? `Did you mean '${near}'?` : `There are: ${[...adapters.keys()].join(', ')}`,
  });
}

/** The target's places on a warehouse of another type, which is not there. */
const elsewhere = ({ database, schema, threads }: Credentials, type: string): Credentials => ({
  type,
  database,
  schema,
  threads,
  shown: {},
  settings: {},
});

/**
 * `dialect`: as on a warehouse of this type, whatever the target's is. Throws one DwhError with all that is wrong in the project's
 * files, each with its line. `secrets` learns all that it finds.
 */
export async function openProject(request: Request, emit: Emit, secrets: Secrets, dialect?: string): Promise<OpenProject> {
  try {
    return await open(request, emit, secrets, dialect);
  } catch (error) {
    if (!(error instanceof DwhError)) throw error;
    const [first, ...rest] = [...error.problems].sort(byPlace).map((problem) => withLine(problem, request.projectDir));
    throw first ? new DwhError([first, ...rest], { cause: error.cause }) : error;
  }
}

/** As one goes through the files from top to bottom; what has no place comes first. */
function byPlace({ at: one }: Problem, { at: other }: Problem): number {
  if (!one || !other) return Number(one !== undefined) - Number(other !== undefined);
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}

async function open(request: Request, emit: Emit, secrets: Secrets, dialect: string | undefined): Promise<OpenProject> {
  const say = (message: string, level: 'debug' | 'info'): void => emit({ type: 'note', message, level });
  const files = await withPackageWarnings(await load(request), request);
  secrets.learn(...files.target.secrets);
  const own = await adapterOf(files.target.type, files.target.config.at('type'));
  const adapter = dialect === undefined ? own : await adapterOf(dialect);
  const isOwn = adapter === own;
  const there = own.credentials(files.target.config, files.root);
  const credentials = isOwn ? there : elsewhere(there, adapter.dialect.name);
  const project = parse(files, request, { dialect: adapter.dialect, credentials }, say);
  secrets.learn(...project.nodes.flatMap((node) => (node.resource_type === 'source' ? secretsOfValue(node.load) : [])));
  const found = isOwn
    ? linked(files, project, adapter.dialect, secrets)
    : // The parse cache stays that of the target.
      { manifest: link(project, adapter.dialect.maxIdentifierBytes), manifestId: undefined };
  const { manifest } = found;
  const dated = deprecations(manifest.nodes.values(), request.startedAt);
  return {
    ...{ files, adapter, credentials, project, secrets, ...found },
    manifest: dated.length === 0 ? manifest : { ...manifest, warnings: [...manifest.warnings, ...dated] },
  };
}

/** The reader of packages.yml is loaded where there is one. */
async function withPackageWarnings(files: ProjectFiles, request: Request): Promise<ProjectFiles> {
  if (!['packages.yml', 'dependencies.yml'].some((name) => existsSync(join(files.root, name)))) return files;
  const { packageWarnings } = await import('../packages/check.ts');
  const [{ name }, ...others] = files.packages;
  const installed = others.map((one) => one.name);
  return { ...files, problems: [...files.problems, ...packageWarnings(files.root, installed, fileScope(request, name, {}))] };
}

type Linked = Pick<OpenProject, 'manifest' | 'manifestId'>;

/** The project linked, and kept for the next run; a project that cannot be linked is kept, too. */
export function linked(files: ProjectFiles, project: Project, { maxIdentifierBytes }: Dialect, secrets: Pick<Secrets, 'standIn'>): Linked {
  try {
    const manifest = project.linked ?? relink(project, project.before) ?? link(project, maxIdentifierBytes);
    return { manifest, manifestId: rememberParse(files, project, manifest, secrets.standIn) };
  } catch (error) {
    rememberParse(files, project, undefined, secrets.standIn);
    throw error;
  }
}

/** Says them, and throws one DwhError of those that count as errors. */
export function tellWarnings(warnings: readonly Problem[], request: Request, emit: Emit): void {
  const all = judged(request.warnings ?? NO_POLICY, warnings);
  const said = all.filter((problem) => !isError(problem));
  if (said.length > 0) emit({ type: 'problems', problems: said });
  throwIfAny(all);
}
