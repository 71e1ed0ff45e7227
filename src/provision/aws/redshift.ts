// Provisioned clusters. https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html
import {
  type Cluster,
  CreateClusterCommand,
  CreateTagsCommand,
  DeleteClusterCommand,
  DeleteTagsCommand,
  DescribeClusterSubnetGroupsCommand,
  DescribeClustersCommand,
  ModifyClusterCommand,
  ModifyClusterIamRolesCommand,
  PauseClusterCommand,
  RedshiftClient,
  ResizeClusterCommand,
  ResumeClusterCommand,
} from '@aws-sdk/client-redshift';
import type { Cloud } from '../cloud.ts';
import { type ClusterState, phaseOf } from '../state.ts';
import { clientConfig, fromList, toList, unlessAbsent, type Where } from './clients.ts';

type RedshiftPart = Pick<
  Cloud,
  | 'cluster'
  | 'createCluster'
  | 'attachRole'
  | 'attachGroup'
  | 'pauseCluster'
  | 'resumeCluster'
  | 'resizeCluster'
  | 'tagCluster'
  | 'untagCluster'
  | 'deleteCluster'
  | 'close'
> & { vpcOf(subnetGroup: string): Promise<string | undefined> };

const sizeOf = (nodes: number) =>
  nodes === 1 ? ({ ClusterType: 'single-node' } as const) : ({ ClusterType: 'multi-node', NumberOfNodes: nodes } as const);

export function redshift(where: Where, account: () => Promise<{ readonly account: string; readonly partition: string }>): RedshiftPart {
  const client = new RedshiftClient(clientConfig(where));
  return {
    async vpcOf(ClusterSubnetGroupName) {
      const found = await client.send(new DescribeClusterSubnetGroupsCommand({ ClusterSubnetGroupName }));
      return found.ClusterSubnetGroups?.[0]?.VpcId;
    },
    async cluster(ClusterIdentifier) {
      const found = (await unlessAbsent(client.send(new DescribeClustersCommand({ ClusterIdentifier }))))?.Clusters?.[0];
      if (!found) return undefined;
      const caller = await account();
      return stateOf(found, `arn:${caller.partition}:redshift:${where.region}:${caller.account}:cluster:${ClusterIdentifier}`);
    },
    async createCluster({ identifier, nodeType, nodes, port, roleArn, groupId, subnetGroup, tags, user, database, password }) {
      await client.send(
        new CreateClusterCommand({
          ClusterIdentifier: identifier,
          NodeType: nodeType,
          ...sizeOf(nodes),
          MasterUsername: user,
          ...(password === undefined ? { ManageMasterPassword: true } : { MasterUserPassword: password }),
          DBName: database,
          Port: port,
          PubliclyAccessible: true,
          IamRoles: [roleArn],
          DefaultIamRoleArn: roleArn,
          VpcSecurityGroupIds: [groupId],
          ...(subnetGroup !== undefined && { ClusterSubnetGroupName: subnetGroup }),
          Tags: toList(tags),
        }),
      );
    },
    async attachRole(ClusterIdentifier, roleArn) {
      await client.send(new ModifyClusterIamRolesCommand({ ClusterIdentifier, AddIamRoles: [roleArn], DefaultIamRoleArn: roleArn }));
    },
    async attachGroup(ClusterIdentifier, groupId) {
      await client.send(new ModifyClusterCommand({ ClusterIdentifier, VpcSecurityGroupIds: [groupId] }));
    },
    async pauseCluster(ClusterIdentifier) {
      await client.send(new PauseClusterCommand({ ClusterIdentifier }));
    },
    async resumeCluster(ClusterIdentifier) {
      await client.send(new ResumeClusterCommand({ ClusterIdentifier }));
    },
    async resizeCluster(ClusterIdentifier, NodeType, nodes, Classic) {
      await client.send(new ResizeClusterCommand({ ClusterIdentifier, NodeType, Classic, ...sizeOf(nodes) }));
    },
    async tagCluster(ResourceName, tags) {
      await client.send(new CreateTagsCommand({ ResourceName, Tags: toList(tags) }));
    },
    async untagCluster(ResourceName, keys) {
      await client.send(new DeleteTagsCommand({ ResourceName, TagKeys: [...keys] }));
    },
    async deleteCluster(ClusterIdentifier, snapshot) {
      const last = snapshot === undefined ? { SkipFinalClusterSnapshot: true } : { FinalClusterSnapshotIdentifier: snapshot };
      await client.send(new DeleteClusterCommand({ ClusterIdentifier, ...last }));
    },
    close: () => client.destroy(),
  };
}

function stateOf(found: Cluster, arn: string): ClusterState {
  const { Address, Port } = found.Endpoint ?? {};
  const status = found.ClusterStatus ?? '';
  return {
    arn,
    status,
    phase: phaseOf(status),
    tags: fromList(found.Tags),
    nodeType: found.NodeType ?? '',
    nodes: found.NumberOfNodes ?? 1,
    endpoint: Address === undefined || Port === undefined ? undefined : { host: Address, port: Port },
    publicly: found.PubliclyAccessible === true,
    roles: (found.IamRoles ?? []).map(({ IamRoleArn = '', ApplyStatus }) => ({ arn: IamRoleArn, ready: ApplyStatus === 'in-sync' })),
    groups: (found.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
    database: found.DBName ?? '',
    user: found.MasterUsername ?? '',
    secretArn: found.MasterPasswordSecretArn,
    createdAt: found.ClusterCreateTime?.getTime(),
  };
}
