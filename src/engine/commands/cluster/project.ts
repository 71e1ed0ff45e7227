// What the project says of its warehouse: the section `cluster:`, the places that its sources load from, and its target. The
// target may not be readable yet: its host is known once there is a cluster.
import type { Credentials } from '../../../adapters/adapter.ts';
import { textHost } from '../../../context/index.ts';
import { ConfigReader, isMapping } from '../../../core/config-reader.ts';
import type { Emit } from '../../../core/event.ts';
import { DwhError, type Problem, throwIfAny } from '../../../core/problem.ts';
import type { Request } from '../../../core/request.ts';
import type { Secrets } from '../../../core/secrets.ts';
import { fileScope } from '../../../project/load.ts';
import { renderAll } from '../../../project/render-text.ts';
import { distinctPlaces, type Place, placeOf } from '../../../provision/access.ts';
import { type ClusterSettings, type Overrides, readCluster } from '../../../provision/settings.ts';
import { type OpenProject, openProject } from '../../open-project.ts';
import { withLine } from '../../problems.ts';

/** Where a source's files are, and what its load says of their region. */
export interface SourcePlace extends Place {
  readonly source: string;
  readonly region: string | undefined;
}

export interface Target {
  readonly name: string;
  readonly credentials: Credentials;
  /** Of profiles.yml; undefined: none was read. */
  readonly file: string | undefined;
}

export interface ClusterProject {
  readonly settings: ClusterSettings;
  readonly root: string;
  /** What the role may read, without what lies inside of others. */
  readonly places: readonly Place[];
  readonly sources: readonly SourcePlace[];
  /** Of type redshift; undefined: the profile names another, or cannot be read yet. */
  readonly target: Target | undefined;
  /** Why the target could not be read. */
  readonly unread: readonly Problem[];
  readonly open: OpenProject;
}

export async function clusterProject(request: Request, given: Overrides, emit: Emit, secrets: Secrets): Promise<ClusterProject> {
  let unread: readonly Problem[] = [];
  const open = await openProject(request, emit, secrets).catch((error: unknown) => {
    if (!(error instanceof DwhError)) throw error;
    unread = error.problems;
    return openProject({ ...request, embedded: true }, emit, secrets);
  });
  const settings = settingsOf(open, request, given, emit);
  const target = open.files.target.type === 'redshift' ? targetOf(open) : undefined;
  const sources = open.project.nodes.flatMap((node) => {
    if (node.resource_type !== 'source' || !node.load) return [];
    const { region } = node.load.options;
    return [node.load.from, node.load.jsonpaths].flatMap((text) => {
      const place = text.startsWith('s3://') ? placeOf(text) : undefined;
      return place ? [{ ...place, source: node.unique_id, region: typeof region === 'string' ? region : undefined }] : [];
    });
  });
  const named = [...settings.buckets, settings.workBucket, target?.credentials.work?.uri].flatMap((text) => {
    const place = text === undefined ? undefined : placeOf(text);
    return place ? [place] : [];
  });
  const places = distinctPlaces([...sources.map(({ bucket, key }) => ({ bucket, key })), ...named]);
  return { settings, root: open.files.root, places, sources, target, unread, open };
}

const targetOf = ({ files, credentials }: OpenProject): Target => ({
  name: files.target.targetName,
  credentials,
  file: files.target.config.at()?.file,
});

function settingsOf({ files }: OpenProject, request: Request, given: Overrides, emit: Emit): ClusterSettings {
  const [{ name, project, projectFile }] = files.packages;
  const { file } = projectFile;
  const problems: Problem[] = [];
  const vars = project.values.vars;
  const scope = fileScope(request, name, {});
  const findVar = (variable: string): unknown => request.vars[variable] ?? (isMapping(vars) ? vars[variable] : undefined);
  const locate = (path: readonly (string | number)[]) => project.source.locate(path) ?? { file, line: 1, column: 1 };
  const section = project.values.cluster;
  if (section !== undefined && section !== null && !isMapping(section))
    problems.push({ code: 'config-kind', message: "'cluster' should be a mapping", at: locate(['cluster']) });
  const rendered = renderAll(section ?? {}, textHost({ ...scope, findVar }), { file, package: name, locate }, problems, ['cluster']);
  const reader = new ConfigReader(isMapping(rendered) ? rendered : {}, { locate, problems }, ['cluster']);
  const settings = readCluster(reader, name, given, request.env);
  const shown = problems.map((problem) => withLine(problem, files.root));
  const warnings = shown.filter(({ severity }) => severity === 'warning');
  if (warnings.length > 0) emit({ type: 'problems', problems: warnings });
  throwIfAny(request.warnError ? shown.map((problem) => ({ ...problem, severity: 'error' as const })) : shown);
  return settings;
}
