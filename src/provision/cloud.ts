// What dwh asks of AWS, service by service. Each call is one request (a search may be several), and throws what AWS answers;
// `undefined` means that there is no such thing.
import type { BucketState, Caller, ClusterState, GroupState, NamespaceState, RoleState, WorkgroupState } from './state.ts';
import type { Tags } from './tags.ts';

export interface Admin {
  readonly user: string;
  readonly database: string;
  /** undefined: AWS makes and keeps one. */
  readonly password: string | undefined;
}

export interface NewCluster extends Admin {
  readonly identifier: string;
  readonly nodeType: string;
  readonly nodes: number;
  readonly port: number;
  readonly roleArn: string;
  readonly groupId: string;
  readonly subnetGroup: string | undefined;
  readonly tags: Tags;
}

export interface Cloud {
  caller(): Promise<Caller>;

  bucket(name: string): Promise<BucketState | undefined>;
  createBucket(name: string, region: string, tags: Tags): Promise<void>;
  /** With all objects in it. */
  deleteBucket(name: string): Promise<void>;

  role(name: string): Promise<RoleState | undefined>;
  createRole(name: string, trust: string, tags: Tags): Promise<void>;
  trustRole(name: string, trust: string): Promise<void>;
  allowRole(name: string, access: string): Promise<void>;
  /** With its policies. */
  deleteRole(name: string): Promise<void>;

  /** The VPC of a subnet group, or the default one. */
  vpc(subnetGroup: string | undefined): Promise<string | undefined>;
  /** The subnets of a VPC. */
  subnets(vpc: string): Promise<readonly string[]>;
  group(vpc: string, name: string): Promise<GroupState | undefined>;
  createGroup(vpc: string, name: string, tags: Tags): Promise<void>;
  openPort(groupId: string, cidr: string, port: number): Promise<void>;
  closePort(groupId: string, cidr: string, port: number): Promise<void>;
  deleteGroup(groupId: string): Promise<void>;

  cluster(identifier: string): Promise<ClusterState | undefined>;
  createCluster(wanted: NewCluster): Promise<void>;
  attachRole(identifier: string, roleArn: string): Promise<void>;
  attachGroup(identifier: string, groupId: string): Promise<void>;
  pauseCluster(identifier: string): Promise<void>;
  resumeCluster(identifier: string): Promise<void>;
  resizeCluster(identifier: string, nodeType: string, nodes: number, classic: boolean): Promise<void>;
  tagCluster(arn: string, tags: Tags): Promise<void>;
  untagCluster(arn: string, keys: readonly string[]): Promise<void>;
  /** `snapshot`: the name of the last one; undefined: none. */
  deleteCluster(identifier: string, snapshot: string | undefined): Promise<void>;

  namespace(name: string): Promise<NamespaceState | undefined>;
  createNamespace(name: string, admin: Admin, roleArn: string, tags: Tags): Promise<void>;
  attachRoleTo(name: string, roleArn: string): Promise<void>;
  deleteNamespace(name: string, snapshot: string | undefined): Promise<void>;
  workgroup(name: string): Promise<WorkgroupState | undefined>;
  createWorkgroup(wanted: {
    readonly name: string;
    readonly baseCapacity: number;
    readonly port: number;
    readonly groupId: string;
    readonly subnets: readonly string[];
    readonly tags: Tags;
  }): Promise<void>;
  resizeWorkgroup(name: string, baseCapacity: number): Promise<void>;
  deleteWorkgroup(name: string): Promise<void>;
  tagServerless(arn: string, tags: Tags): Promise<void>;

  close(): void;
}
