// What the cluster commands say: the state of things, and how to connect. Pure.
import { principalsOf, untrusted } from '../../../provision/access.ts';
import { groupName, roleArn } from '../../../provision/plan-create.ts';
import type { ClusterSettings } from '../../../provision/settings.ts';
import type { Actual } from '../../../provision/state.ts';
import { EXPIRES, isOurs, LEASE, type Tags } from '../../../provision/tags.ts';

export const endpointOf = ({ cluster, workgroup }: Actual): { readonly host: string; readonly port: number } | undefined =>
  cluster?.endpoint ?? workgroup?.endpoint;

/** When a build that has the cluster for itself must be over; undefined: none has it. */
export const leaseOf = (tags: Tags): { readonly id: string; readonly expires: number } | undefined => {
  const { [LEASE]: id, [EXPIRES]: expires } = tags;
  return id === undefined ? undefined : { id, expires: Date.parse(expires ?? '') || 0 };
};

/** Lines of `status`. */
export function statusLines(settings: ClusterSettings, actual: Actual, now: number): readonly string[] {
  const { cluster, namespace, workgroup, role, group, bucket } = actual;
  const { identifier, region, type, workBucket } = settings;
  const whose = (tags: Tags): string => (isOurs(tags, settings) ? '' : ", not this project's");
  const endpoint = endpointOf(actual);
  const secret = cluster?.secretArn ?? namespace?.secretArn;
  const arn = roleArn(settings, actual);
  const lease = cluster && leaseOf(cluster.tags);
  const attached = cluster ? cluster.roles.some((one) => one.arn === arn && one.ready) : namespace?.roles.includes(arn);
  const lines: string[] = [];
  if (type === 'provisioned')
    lines.push(
      cluster
        ? `cluster ${identifier} in ${region}: ${cluster.status}, ${cluster.nodes} x ${cluster.nodeType}${whose(cluster.tags)}`
        : `cluster ${identifier} in ${region}: there is none`,
    );
  else
    lines.push(
      namespace
        ? `namespace ${identifier} in ${region}: ${namespace.status}${whose(namespace.tags)}`
        : `namespace ${identifier} in ${region}: there is none`,
      workgroup
        ? `workgroup ${identifier}: ${workgroup.status}, ${workgroup.baseCapacity} RPU${whose(workgroup.tags)}`
        : `workgroup ${identifier}: there is none`,
    );
  const publicly = (cluster ?? workgroup)?.publicly;
  if (endpoint) lines.push(`  endpoint: ${endpoint.host}:${endpoint.port}${publicly ? '' : ', not public'}`);
  const owner = cluster ?? namespace;
  if (owner) lines.push(`  database: ${owner.database}, user ${owner.user}`);
  if (secret !== undefined) lines.push(`  password: kept by AWS, in ${secret}`);
  if (lease)
    lines.push(
      `  lease: of the build ${lease.id}, ${lease.expires < now ? 'over since' : 'until'} ${new Date(lease.expires).toISOString()}`,
    );
  if (role) {
    const trusts = untrusted(role.trust, principalsOf(settings)).length === 0;
    lines.push(
      `  role: ${settings.role}, ${owner ? (attached ? 'attached' : 'not attached') : 'made'}${trusts ? '' : ', not trusted'}${whose(role.tags)}`,
    );
  }
  if (group)
    lines.push(
      `  security group: ${groupName(settings)}, open to ${group.open.map(({ cidr }) => cidr).join(', ') || 'nobody'}${whose(group.tags)}`,
    );
  if (bucket && workBucket !== undefined) lines.push(`  bucket: ${workBucket} in ${bucket.region}${whose(bucket.tags)}`);
  return lines;
}

/** A target for profiles.yml; without any secret. */
export function connectionLines(settings: ClusterSettings, actual: Actual): readonly string[] {
  const endpoint = endpointOf(actual);
  const secret = actual.cluster?.secretArn ?? actual.namespace?.secretArn;
  if (!endpoint) return [];
  const login =
    settings.passwordEnv === undefined && secret !== undefined
      ? ['  method: secret', `  secret_arn: ${secret}`]
      : [`  user: ${settings.user}`, `  password: "{{ env_var('${settings.passwordEnv ?? 'DWH_ENV_SECRET_REDSHIFT_PASSWORD'}') }}"`];
  return [
    '  type: redshift',
    `  host: ${endpoint.host}`,
    `  port: ${endpoint.port}`,
    ...login,
    `  dbname: ${settings.database}`,
    '  schema: public',
    `  region: ${settings.region}`,
    `  iam_role: ${roleArn(settings, actual)}`,
    ...(settings.workBucket === undefined ? [] : [`  work_uri: s3://${settings.workBucket}/`]),
  ];
}
