// Provisioned clusters, with the states that they go through and what AWS refuses in each.
import { list, type Params, tagsOf, text, texts } from './query.ts';
import { ACCOUNT, AwsFault, type Cluster, REGION, type World } from './world.ts';

const NODES = ['ra3.large', 'ra3.xlplus', 'ra3.4xlarge', 'ra3.16xlarge', 'rg.large', 'rg.xlarge'];

const isStrong = (word: string): boolean =>
  word.length >= 8 && word.length <= 64 && /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word) && !/['"/\\@ ]/.test(word);

const secretArn = (id: string): string => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:redshift!${id}-admin`;

function shown(world: World, cluster: Cluster) {
  const { id, status, nodeType, nodes, user, database, port } = cluster;
  const ready = status !== 'creating';
  return {
    ClusterIdentifier: id,
    NodeType: nodeType,
    ClusterStatus: status,
    ClusterAvailabilityStatus: status === 'available' ? 'Available' : status === 'paused' ? 'Paused' : 'Modifying',
    MasterUsername: user,
    DBName: database,
    ...(ready && {
      Endpoint: {
        Address: world.endpoint?.host ?? `${id}.c0ffee.${REGION}.redshift.amazonaws.com`,
        Port: world.endpoint?.port ?? port,
      },
      ClusterCreateTime: new Date(cluster.madeAt).toISOString(),
    }),
    NumberOfNodes: nodes,
    PubliclyAccessible: cluster.publicly,
    Encrypted: true,
    VpcId: world.defaultVpc,
    VpcSecurityGroups: cluster.groups.map((group) => ({ VpcSecurityGroup: { VpcSecurityGroupId: group, Status: 'active' } })),
    IamRoles: [...cluster.roles].map(([arn, at]) => ({
      ClusterIamRole: { IamRoleArn: arn, ApplyStatus: world.now < at ? 'adding' : 'in-sync' },
    })),
    Tags: Object.entries(cluster.tags).map(([Key, Value]) => ({ Tag: { Key, Value } })),
    ...(cluster.password === undefined && { MasterPasswordSecretArn: secretArn(id) }),
  };
}

/** Lists have items of several words here: each stands in its own object. */
const flat = (value: unknown): unknown =>
  Array.isArray(value)
    ? { raw: value.map(flat) }
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, flat(inner)]))
      : value;

const state = (message: string): AwsFault => new AwsFault('InvalidClusterState', message);

function must(cluster: Cluster, allowed: readonly string[], what: string): void {
  if (!allowed.includes(cluster.status)) throw state(`The cluster ${cluster.id} is ${cluster.status}, and cannot be ${what}.`);
}

function sizeOf(params: Params): { readonly nodeType: string; readonly nodes: number } {
  const nodeType = text(params, 'NodeType') ?? '';
  if (!NODES.includes(nodeType)) throw new AwsFault('InvalidParameterValue', `Invalid node type: ${nodeType}.`);
  const single = text(params, 'ClusterType') === 'single-node';
  const nodes = single ? 1 : Number(text(params, 'NumberOfNodes') ?? 'NaN');
  if (!(nodes >= (single ? 1 : 2)))
    throw new AwsFault('InvalidParameterCombination', 'NumberOfNodes is required for a multi-node cluster.');
  return { nodeType, nodes };
}

export const redshift = (world: World): Readonly<Record<string, (params: Params) => unknown>> => {
  const named = (params: Params): Cluster => world.cluster(text(params, 'ClusterIdentifier') ?? '');
  const answer = (cluster: Cluster): unknown => ({ Cluster: flat(shown(world, cluster)) });
  const byArn = (params: Params): Cluster => world.cluster((text(params, 'ResourceName') ?? '').split(':').at(-1) ?? '');
  return {
    DescribeClusters: (params) => ({ Clusters: { Cluster: flat(shown(world, named(params))) } }),
    DescribeClusterSubnetGroups: (params) => {
      if (text(params, 'ClusterSubnetGroupName') !== 'shop-subnets')
        throw new AwsFault('ClusterSubnetGroupNotFoundFault', 'no such subnet group');
      return { ClusterSubnetGroups: { ClusterSubnetGroup: { ClusterSubnetGroupName: 'shop-subnets', VpcId: 'vpc-0shop' } } };
    },
    CreateCluster(params) {
      const id = text(params, 'ClusterIdentifier') ?? '';
      if (world.clusters.has(id)) throw new AwsFault('ClusterAlreadyExists', `Cluster ${id} already exists.`);
      const { nodeType, nodes } = sizeOf(params);
      const password = text(params, 'MasterUserPassword');
      const managed = text(params, 'ManageMasterPassword') === 'true';
      if (managed === (password !== undefined)) throw new AwsFault('InvalidParameterCombination', 'Give a password, or let it be managed.');
      if (password !== undefined && !isStrong(password))
        throw new AwsFault('InvalidParameterValue', 'The parameter MasterUserPassword is not valid.');
      if (text(params, 'Encrypted') === 'false') throw new AwsFault('InvalidParameterValue', 'Encrypted cannot be false.');
      const roles = texts(params, 'IamRoles');
      for (const role of roles) world.usable(role, 'redshift.amazonaws.com');
      const groups = [...texts(params, 'VpcSecurityGroupIds')];
      for (const group of groups) world.group(group);
      const cluster: Cluster = {
        ...{ id, nodeType, nodes, groups, password, status: 'creating', madeAt: world.now },
        user: text(params, 'MasterUsername') ?? '',
        database: text(params, 'DBName') ?? 'dev',
        port: Number(text(params, 'Port') ?? 5439),
        publicly: text(params, 'PubliclyAccessible') === 'true',
        tags: tagsOf(params, 'Tags'),
        roles: new Map(roles.map((role) => [role, world.now + world.takes.create + 20_000])),
      };
      world.move(cluster, 'creating', world.takes.create, 'available');
      world.clusters.set(id, cluster);
      return answer(cluster);
    },
    ModifyClusterIamRoles(params) {
      const cluster = named(params);
      must(cluster, ['available', 'paused'], 'modified');
      for (const role of texts(params, 'AddIamRoles')) {
        world.usable(role, 'redshift.amazonaws.com');
        cluster.roles.set(role, world.now + 30_000);
      }
      return answer(cluster);
    },
    ModifyCluster(params) {
      const cluster = named(params);
      must(cluster, ['available'], 'modified');
      cluster.groups = [...texts(params, 'VpcSecurityGroupIds')];
      for (const group of cluster.groups) world.group(group);
      return answer(cluster);
    },
    PauseCluster(params) {
      const cluster = named(params);
      must(cluster, ['available'], 'paused');
      world.move(cluster, 'pausing', world.takes.pause, 'paused');
      return answer(cluster);
    },
    ResumeCluster(params) {
      const cluster = named(params);
      must(cluster, ['paused'], 'resumed');
      world.move(cluster, 'resuming', world.takes.resume, 'available');
      return answer(cluster);
    },
    ResizeCluster(params) {
      const cluster = named(params);
      must(cluster, ['available'], 'resized');
      const { nodeType, nodes } = sizeOf(params);
      if (text(params, 'Classic') !== 'true' && (nodes === 1 || cluster.nodes === 1))
        throw new AwsFault('UnsupportedOperation', 'Elastic resize does not take single-node clusters.');
      Object.assign(cluster, { nodeType, nodes });
      world.move(cluster, 'resizing', world.takes.resize, 'available');
      return answer(cluster);
    },
    DeleteCluster(params) {
      const cluster = named(params);
      must(cluster, ['available', 'paused', 'incompatible-network'], 'deleted');
      const last = text(params, 'FinalClusterSnapshotIdentifier');
      if (text(params, 'SkipFinalClusterSnapshot') === 'true') {
        if (last !== undefined) throw new AwsFault('InvalidParameterCombination', 'No last snapshot, and its name.');
      } else if (last === undefined) throw new AwsFault('InvalidParameterCombination', 'FinalClusterSnapshotIdentifier is required.');
      else world.snapshots.push(last);
      world.move(cluster, 'deleting', world.takes.delete, undefined);
      return answer(cluster);
    },
    CreateTags(params) {
      Object.assign(byArn(params).tags, tagsOf(params, 'Tags'));
      return {};
    },
    DeleteTags(params) {
      const { tags } = byArn(params);
      for (const key of list(params, 'TagKeys')) delete tags[String(key)];
      return {};
    },
  };
};
