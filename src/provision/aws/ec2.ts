// The network: which VPC, and the security group that lets in the caller alone.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import type { Cloud } from '../cloud.ts';
import { clientConfig, fromList, toList, type Where } from './clients.ts';

type Ec2Part = Pick<Cloud, 'subnets' | 'group' | 'createGroup' | 'openPort' | 'closePort' | 'deleteGroup' | 'close'> & {
  defaultVpc(): Promise<string | undefined>;
};

const rule = (cidr: string, port: number) => [
  { IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: cidr, Description: 'dwh' }] },
];

export function ec2(where: Where): Ec2Part {
  const client = new EC2Client(clientConfig(where));
  return {
    async defaultVpc() {
      const { Vpcs = [] } = await client.send(new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }));
      return Vpcs[0]?.VpcId;
    },
    async subnets(vpc) {
      const { Subnets = [] } = await client.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc] }] }));
      return Subnets.flatMap(({ SubnetId }) => SubnetId ?? []).sort();
    },
    async group(vpc, name) {
      const Filters = [
        { Name: 'vpc-id', Values: [vpc] },
        { Name: 'group-name', Values: [name] },
      ];
      const [found] = (await client.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups ?? [];
      if (!found) return undefined;
      const open = (found.IpPermissions ?? []).flatMap(({ FromPort, IpRanges = [] }) =>
        IpRanges.flatMap(({ CidrIp }) => (CidrIp === undefined || FromPort === undefined ? [] : [{ cidr: CidrIp, port: FromPort }])),
      );
      return { id: found.GroupId ?? '', tags: fromList(found.Tags), open };
    },
    async createGroup(VpcId, GroupName, tags) {
      const TagSpecifications = [{ ResourceType: 'security-group' as const, Tags: toList(tags) }];
      const Description = 'Who may connect to Amazon Redshift';
      await client.send(new CreateSecurityGroupCommand({ GroupName, Description, VpcId, TagSpecifications }));
    },
    async openPort(GroupId, cidr, port) {
      await client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: rule(cidr, port) }));
    },
    async closePort(GroupId, cidr, port) {
      await client.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: rule(cidr, port) }));
    },
    async deleteGroup(GroupId) {
      await client.send(new DeleteSecurityGroupCommand({ GroupId }));
    },
    close: () => client.destroy(),
  };
}
