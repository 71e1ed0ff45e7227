// Serverless: a namespace (the data) and a workgroup (what computes). They are changed and removed one after the other.
// https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateWorkgroup.html
import {
  CreateNamespaceCommand,
  CreateWorkgroupCommand,
  DeleteNamespaceCommand,
  DeleteWorkgroupCommand,
  GetNamespaceCommand,
  GetWorkgroupCommand,
  ListTagsForResourceCommand,
  RedshiftServerlessClient,
  TagResourceCommand,
  UpdateNamespaceCommand,
  UpdateWorkgroupCommand,
} from '@aws-sdk/client-redshift-serverless';
import type { Cloud } from '../cloud.ts';
import { phaseOf } from '../state.ts';
import type { Tags } from '../tags.ts';
import { clientConfig, unlessAbsent, type Where } from './clients.ts';

type ServerlessPart = Pick<
  Cloud,
  | 'namespace'
  | 'createNamespace'
  | 'attachRoleTo'
  | 'deleteNamespace'
  | 'workgroup'
  | 'createWorkgroup'
  | 'resizeWorkgroup'
  | 'deleteWorkgroup'
  | 'tagServerless'
  | 'close'
>;

const toList = (tags: Tags) => Object.entries(tags).map(([key, value]) => ({ key, value }));
/** Plain ARNs, or as the service writes them: IamRole(applyStatus=in-sync, iamRoleArn=arn:…). */
const roleArn = (text: string): string => /iamRoleArn=([^,)]+)/.exec(text)?.[1] ?? text;

export function serverless(where: Where): ServerlessPart {
  const client = new RedshiftServerlessClient(clientConfig(where));
  const tagsOf = async (resourceArn: string): Promise<Tags> => {
    const found = await unlessAbsent(client.send(new ListTagsForResourceCommand({ resourceArn })));
    return Object.fromEntries((found?.tags ?? []).flatMap(({ key, value }) => (key === undefined ? [] : [[key, value ?? '']])));
  };
  return {
    async namespace(namespaceName) {
      const found = (await unlessAbsent(client.send(new GetNamespaceCommand({ namespaceName }))))?.namespace;
      if (!found) return undefined;
      const { namespaceArn: arn = '', status = '' } = found;
      return {
        ...{ arn, status, phase: phaseOf(status), tags: await tagsOf(arn) },
        roles: (found.iamRoles ?? []).map(roleArn),
        database: found.dbName ?? 'dev',
        user: found.adminUsername ?? '',
        secretArn: found.adminPasswordSecretArn,
      };
    },
    async createNamespace(namespaceName, { user, database, password }, role, tags) {
      await client.send(
        new CreateNamespaceCommand({
          namespaceName,
          dbName: database,
          adminUsername: user,
          ...(password === undefined ? { manageAdminPassword: true } : { adminUserPassword: password }),
          iamRoles: [role],
          defaultIamRoleArn: role,
          tags: toList(tags),
        }),
      );
    },
    async attachRoleTo(namespaceName, role) {
      await client.send(new UpdateNamespaceCommand({ namespaceName, iamRoles: [role], defaultIamRoleArn: role }));
    },
    async deleteNamespace(namespaceName, finalSnapshotName) {
      await client.send(new DeleteNamespaceCommand({ namespaceName, ...(finalSnapshotName !== undefined && { finalSnapshotName }) }));
    },
    async workgroup(workgroupName) {
      const found = (await unlessAbsent(client.send(new GetWorkgroupCommand({ workgroupName }))))?.workgroup;
      if (!found) return undefined;
      const { workgroupArn: arn = '', status = '', endpoint } = found;
      return {
        ...{ arn, status, phase: phaseOf(status), tags: await tagsOf(arn) },
        namespace: found.namespaceName ?? '',
        baseCapacity: found.baseCapacity ?? 0,
        endpoint:
          endpoint?.address === undefined || endpoint.port === undefined ? undefined : { host: endpoint.address, port: endpoint.port },
        publicly: found.publiclyAccessible === true,
        groups: found.securityGroupIds ?? [],
      };
    },
    async createWorkgroup({ name, baseCapacity, port, groupId, subnets, tags }) {
      await client.send(
        new CreateWorkgroupCommand({
          workgroupName: name,
          namespaceName: name,
          baseCapacity,
          port,
          publiclyAccessible: true,
          securityGroupIds: [groupId],
          ...(subnets.length > 0 && { subnetIds: [...subnets] }),
          tags: toList(tags),
        }),
      );
    },
    async resizeWorkgroup(workgroupName, baseCapacity) {
      await client.send(new UpdateWorkgroupCommand({ workgroupName, baseCapacity }));
    },
    async deleteWorkgroup(workgroupName) {
      await client.send(new DeleteWorkgroupCommand({ workgroupName }));
    },
    async tagServerless(resourceArn, tags) {
      await client.send(new TagResourceCommand({ resourceArn, tags: toList(tags) }));
    },
    close: () => client.destroy(),
  };
}
