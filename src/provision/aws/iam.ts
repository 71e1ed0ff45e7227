// The role that Redshift takes on to read from S3. https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { POLICY_NAME } from '../access.ts';
import type { Cloud } from '../cloud.ts';
import { clientConfig, fromList, toList, unlessAbsent, type Where } from './clients.ts';

type IamPart = Pick<Cloud, 'role' | 'createRole' | 'trustRole' | 'allowRole' | 'deleteRole' | 'close'>;

export function iam(where: Where): IamPart {
  const client = new IAMClient(clientConfig(where));
  return {
    async role(RoleName) {
      const Role = (await unlessAbsent(client.send(new GetRoleCommand({ RoleName }))))?.Role;
      if (!Role) return undefined;
      const policy = await unlessAbsent(client.send(new GetRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME })));
      return {
        arn: Role.Arn ?? '',
        tags: fromList(Role.Tags),
        trust: decodeURIComponent(Role.AssumeRolePolicyDocument ?? '{}'),
        access: policy?.PolicyDocument && decodeURIComponent(policy.PolicyDocument),
      };
    },
    async createRole(RoleName, trust, tags) {
      const Description = 'Read by Amazon Redshift, made by dwh';
      await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, Tags: toList(tags), Description }));
    },
    async trustRole(RoleName, trust) {
      await client.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }));
    },
    async allowRole(RoleName, access) {
      await client.send(new PutRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME, PolicyDocument: access }));
    },
    async deleteRole(RoleName) {
      const { PolicyNames = [] } = (await unlessAbsent(client.send(new ListRolePoliciesCommand({ RoleName })))) ?? {};
      for (const PolicyName of PolicyNames) await unlessAbsent(client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })));
      await client.send(new DeleteRoleCommand({ RoleName }));
    },
    close: () => client.destroy(),
  };
}
