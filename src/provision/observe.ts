// What there is: everything that the settings name, read at once.
import type { Cloud } from './cloud.ts';
import { refusal } from './failure.ts';
import { type Patience, patiently } from './patience.ts';
import { groupName } from './plan-create.ts';
import type { ClusterSettings } from './settings.ts';
import type { Actual } from './state.ts';

export async function observe(settings: ClusterSettings, cloud: Cloud, patience: Patience): Promise<Actual> {
  const { identifier, role, workBucket, subnetGroup, type, region } = settings;
  const ask = async <T>(doing: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await patiently(patience, call);
    } catch (error) {
      patience.signal.throwIfAborted();
      throw refusal(error, doing);
    }
  };
  // Credentials first: without them nothing else is worth asking.
  const caller = await ask('say who this is', cloud.caller);
  const named = type === 'serverless' ? settings.vpc : undefined;
  const network = async (): Promise<Pick<Actual, 'vpc' | 'group'>> => {
    const vpc = named ?? (await ask(`show the VPC of ${region}`, () => cloud.vpc(subnetGroup)));
    if (vpc === undefined) return { vpc, group: undefined };
    return { vpc, group: await ask('show security groups', () => cloud.group(vpc, groupName(settings))) };
  };
  const isServerless = type === 'serverless';
  const [surroundings, bucket, iamRole, cluster, namespace, workgroup] = await Promise.all([
    network(),
    workBucket === undefined ? undefined : ask(`show the bucket ${workBucket}`, () => cloud.bucket(workBucket)),
    ask(`show the role ${role}`, () => cloud.role(role)),
    isServerless ? undefined : ask('show clusters', () => cloud.cluster(identifier)),
    isServerless ? ask('show namespaces', () => cloud.namespace(identifier)) : undefined,
    isServerless ? ask('show workgroups', () => cloud.workgroup(identifier)) : undefined,
  ]);
  return { caller, ...surroundings, bucket, role: iamRole, cluster, namespace, workgroup };
}
