// The network: a default VPC with subnets, and security groups. https://docs.aws.amazon.com/AWSEC2/latest/APIReference
import { list, type Params, tagsOf, text, texts } from './query.ts';
import { AwsFault, type World } from './world.ts';

const filters = (params: Params): ReadonlyMap<string, readonly string[]> =>
  new Map(
    list(params, 'Filter').flatMap((one) => (typeof one === 'string' ? [] : [[text(one, 'Name') ?? '', texts(one, 'Value')] as const])),
  );

const rulesIn = (params: Params) =>
  list(params, 'IpPermissions').flatMap((one) =>
    typeof one === 'string'
      ? []
      : list(one, 'IpRanges').flatMap((range) =>
          typeof range === 'string' ? [] : [{ cidr: text(range, 'CidrIp') ?? '', port: Number(text(one, 'FromPort')) }],
        ),
  );

export const ec2 = (world: World): Readonly<Record<string, (params: Params) => unknown>> => ({
  DescribeVpcs: () => ({ vpcSet: world.defaultVpc === undefined ? [] : [{ vpcId: world.defaultVpc, isDefault: true }] }),
  DescribeSubnets: () => ({ subnetSet: ['subnet-0a', 'subnet-0b', 'subnet-0c'].map((subnetId) => ({ subnetId })) }),
  DescribeSecurityGroups(params) {
    const wanted = filters(params);
    const found = [...world.groups.values()].filter(
      ({ name, vpc, madeAt }) =>
        wanted.get('group-name')?.includes(name) !== false &&
        wanted.get('vpc-id')?.includes(vpc) !== false &&
        world.now >= madeAt + world.takes.ec2,
    );
    return {
      securityGroupInfo: found.map(({ id, name, vpc, tags, rules }) => ({
        ...{ groupId: id, groupName: name, vpcId: vpc },
        tagSet: Object.entries(tags).map(([key, value]) => ({ key, value })),
        ipPermissions: rules.map(({ cidr, port }) => ({ ipProtocol: 'tcp', fromPort: port, toPort: port, ipRanges: [{ cidrIp: cidr }] })),
      })),
    };
  },
  CreateSecurityGroup(params) {
    const name = text(params, 'GroupName') ?? '';
    const vpc = text(params, 'VpcId') ?? '';
    if ([...world.groups.values()].some((group) => group.name === name && group.vpc === vpc))
      throw new AwsFault('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpc}'`);
    const id = world.id('sg');
    const [specification = {}] = list(params, 'TagSpecification');
    const tags = typeof specification === 'string' ? {} : tagsOf(specification, 'Tag');
    world.groups.set(id, { id, name, vpc, tags, madeAt: world.now, rules: [], busyUntil: 0 });
    return { groupId: id };
  },
  AuthorizeSecurityGroupIngress(params) {
    const group = world.group(text(params, 'GroupId') ?? '');
    for (const rule of rulesIn(params)) {
      if (group.rules.some(({ cidr, port }) => cidr === rule.cidr && port === rule.port))
        throw new AwsFault('InvalidPermission.Duplicate', 'the specified rule already exists');
      group.rules.push(rule);
    }
    return { return: true };
  },
  RevokeSecurityGroupIngress(params) {
    const group = world.group(text(params, 'GroupId') ?? '');
    const gone = rulesIn(params);
    group.rules = group.rules.filter((rule) => !gone.some(({ cidr, port }) => cidr === rule.cidr && port === rule.port));
    return { return: true };
  },
  DeleteSecurityGroup(params) {
    const group = world.group(text(params, 'GroupId') ?? '');
    if (world.inUse(group)) throw new AwsFault('DependencyViolation', `resource ${group.id} has a dependent object`);
    world.groups.delete(group.id);
    return { return: true };
  },
});
