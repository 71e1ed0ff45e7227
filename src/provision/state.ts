// What there is at AWS, as far as it matters here. Read by a Cloud, judged by the plans.
import type { Tags } from './tags.ts';

/** What a status means for what can be done next. */
export type Phase = 'available' | 'paused' | 'changing' | 'deleting' | 'broken';

export interface Caller {
  readonly account: string;
  readonly arn: string;
  /** 'aws', 'aws-cn', 'aws-us-gov'. */
  readonly partition: string;
}

export interface BucketState {
  readonly region: string;
  readonly tags: Tags;
}

export interface RoleState {
  readonly arn: string;
  readonly tags: Tags;
  readonly trust: string;
  /** The document under POLICY_NAME. */
  readonly access: string | undefined;
}

export interface GroupState {
  readonly id: string;
  readonly tags: Tags;
  readonly open: readonly { readonly cidr: string; readonly port: number }[];
}

export interface ClusterState {
  readonly arn: string;
  /** AWS's own word. */
  readonly status: string;
  readonly phase: Phase;
  readonly tags: Tags;
  readonly nodeType: string;
  readonly nodes: number;
  readonly endpoint: { readonly host: string; readonly port: number } | undefined;
  readonly publicly: boolean;
  readonly roles: readonly { readonly arn: string; readonly ready: boolean }[];
  readonly groups: readonly string[];
  readonly database: string;
  readonly user: string;
  readonly secretArn: string | undefined;
  /** Epoch ms; undefined while it is made. */
  readonly createdAt: number | undefined;
}

export interface NamespaceState {
  readonly arn: string;
  readonly status: string;
  readonly phase: Phase;
  readonly tags: Tags;
  readonly roles: readonly string[];
  readonly database: string;
  readonly user: string;
  readonly secretArn: string | undefined;
}

export interface WorkgroupState {
  readonly arn: string;
  readonly status: string;
  readonly phase: Phase;
  readonly tags: Tags;
  readonly namespace: string;
  readonly baseCapacity: number;
  readonly endpoint: { readonly host: string; readonly port: number } | undefined;
  readonly publicly: boolean;
  readonly groups: readonly string[];
}

/** undefined: it is not there. */
export interface Actual {
  readonly caller: Caller;
  readonly vpc: string | undefined;
  readonly bucket: BucketState | undefined;
  readonly role: RoleState | undefined;
  readonly group: GroupState | undefined;
  readonly cluster: ClusterState | undefined;
  readonly namespace: NamespaceState | undefined;
  readonly workgroup: WorkgroupState | undefined;
}

/** https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html#rs-mgmt-cluster-status */
export function phaseOf(status: string): Phase {
  const word = status.toLowerCase();
  if (/^available\b/.test(word)) return 'available';
  if (word === 'paused') return 'paused';
  if (word.startsWith('deleting') || word === 'final-snapshot') return 'deleting';
  if (/^incompatible-|^hardware-failure|^storage-full/.test(word)) return 'broken';
  return 'changing';
}
