// What doctor makes of the state at AWS: a problem with its fix, or undefined where all is well.
import type { Problem } from '../../../core/problem.ts';
import { accessDocument, principalsOf, sameDocument, untrusted } from '../../../provision/access.ts';
import type { Applying } from '../../../provision/apply.ts';
import { refusal } from '../../../provision/failure.ts';
import { patiently } from '../../../provision/patience.ts';
import { groupName, roleArn } from '../../../provision/plan-create.ts';
import type { ClusterSettings } from '../../../provision/settings.ts';
import type { Actual } from '../../../provision/state.ts';
import type { ClusterProject } from './project.ts';

export function clusterProblem({ identifier, region, type }: ClusterSettings, { cluster, workgroup }: Actual): Problem | undefined {
  const found = cluster ?? workgroup;
  const what = type === 'serverless' ? 'workgroup' : 'cluster';
  if (!found)
    return {
      code: 'cluster-missing',
      message: `there is no ${what} '${identifier}' in ${region}`,
      hint: 'Make it with dwh cluster create; if it is elsewhere, correct region: under cluster:.',
    };
  if (found.phase === 'paused')
    return { code: 'cluster-paused', message: `the ${what} '${identifier}' is paused`, hint: 'Resume it with: dwh cluster resume' };
  if (found.phase !== 'available')
    return {
      code: 'cluster-busy',
      message: `the ${what} '${identifier}' is '${found.status}'`,
      hint: 'Wait until it is available: dwh cluster status',
    };
  return undefined;
}

/** Every bucket must be there; the work place must be where the cluster is, and a source that is not must say where it is. */
export async function bucketProblem({ settings, sources, places, target }: ClusterProject, applying: Applying): Promise<string | Problem> {
  const work = target?.credentials.work?.uri;
  const buckets = [...new Set(places.map(({ bucket }) => bucket))];
  for (const bucket of buckets) {
    const found = await patiently(applying, () => applying.cloud.bucket(bucket)).catch((error: unknown) => {
      throw refusal(error, `show the bucket ${bucket}`);
    });
    if (!found)
      return {
        code: 's3-bucket',
        message: `there is no bucket '${bucket}'`,
        hint: 'Check its name where the source, work_uri or buckets: says it.',
      };
    if (found.region === settings.region) continue;
    if (work?.startsWith(`s3://${bucket}/`))
      return {
        code: 'doctor-region',
        message: `work_uri is in ${found.region}, and the cluster in ${settings.region}`,
        hint: `COPY reads manifests only in its own region: let work_uri be in ${settings.region} (work_bucket: under cluster: makes a bucket there).`,
      };
    const silent = sources.find((source) => source.bucket === bucket && source.region !== found.region);
    if (silent)
      return {
        code: 'doctor-region',
        message: `${silent.source} is in ${found.region}, and the cluster in ${settings.region}`,
        hint: `Write region: ${found.region} under load: of the source.`,
      };
  }
  return buckets.length === 0
    ? 'no bucket is named'
    : `${buckets.length} ${buckets.length === 1 ? 'bucket is' : 'buckets are'} within reach`;
}

const AGAIN = 'Mend it with: dwh cluster create';

export function roleProblem({ settings, places, target }: ClusterProject, actual: Actual): Problem | undefined {
  const { role, cluster, namespace } = actual;
  const arn = roleArn(settings, actual);
  const wrong = (message: string, hint = AGAIN): Problem => ({ code: 'doctor-role', message, hint });
  if (!role) return wrong(`there is no role '${settings.role}'`);
  const missing = untrusted(role.trust, principalsOf(settings));
  if (missing.length > 0) return wrong(`the role '${settings.role}' does not trust ${missing.join(' and ')}`);
  if (!sameDocument(role.access, accessDocument(places, actual.caller.partition)))
    return wrong(`the role '${settings.role}' may not read just what the project's sources name`);
  const attached = cluster?.roles.find((one) => one.arn === arn);
  if (cluster && !attached) return wrong(`the role '${settings.role}' is not attached to the cluster`);
  if (attached && !attached.ready) return wrong(`the role '${settings.role}' is being attached`, 'Wait a minute: COPY fails meanwhile.');
  if (namespace && !namespace.roles.includes(arn)) return wrong(`the role '${settings.role}' is not attached to the namespace`);
  const used = target?.credentials.work?.iamRole;
  if (used !== undefined && used !== 'default' && used !== arn && !cluster?.roles.some((one) => one.arn === used))
    return wrong(`the target's iam_role ${used} is not attached`, `Write iam_role: ${arn}, or leave it out.`);
  return undefined;
}

export function publicProblem({ identifier }: ClusterSettings, { cluster, workgroup }: Actual): Problem | undefined {
  if ((cluster ?? workgroup)?.publicly) return undefined;
  return {
    code: 'doctor-private',
    message: `'${identifier}' is not public: only machines of its VPC reach it`,
    hint: 'Make it public (aws redshift modify-cluster --publicly-accessible), or run dwh within the VPC.',
  };
}

export function portProblem(settings: ClusterSettings, { group }: Actual, address: string | undefined, why: string): Problem {
  const own = address === undefined ? undefined : `${address}/32`;
  const open = group?.open.map(({ cidr }) => cidr) ?? [];
  const shut = own !== undefined && !open.includes(own);
  return {
    code: 'doctor-port',
    message: `the port does not open: ${why}; the security group ${groupName(settings)} lets in ${open.join(', ') || 'nobody'}`,
    hint: shut
      ? `This machine is ${address} now. Let it in: dwh cluster create --allow-cidr ${own}`
      : `Something between here and AWS holds port ${settings.port} back (a firewall, a route without an internet gateway): try another network.`,
  };
}
