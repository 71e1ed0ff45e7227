// Roles and who asks. A new role is not shown everywhere at once, and a deleted one still for a moment.
import { type Params, tagsOf, text } from './query.ts';
import { ACCOUNT, AwsFault, type World } from './world.ts';

export const roleArnOf = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

export const sts = (): Readonly<Record<string, () => unknown>> => ({
  GetCallerIdentity: () => ({ Arn: `arn:aws:iam::${ACCOUNT}:user/ada`, UserId: 'AIDAADA', Account: ACCOUNT }),
});

export const iam = (world: World): Readonly<Record<string, (params: Params) => unknown>> => {
  const nameIn = (params: Params): string => text(params, 'RoleName') ?? '';
  const living = (params: Params) => {
    const role = world.role(nameIn(params));
    if (role.deletedAt !== undefined) throw new AwsFault('NoSuchEntity', `The role with name ${role.name} cannot be found.`, 404);
    return role;
  };
  const shown = (name: string): unknown => {
    const { trust, tags, madeAt } = world.roles.get(name) ?? { trust: '', tags: {}, madeAt: 0 };
    return {
      Role: {
        ...{ Path: '/', RoleName: name, RoleId: 'AROAROLE', Arn: roleArnOf(name), CreateDate: new Date(madeAt).toISOString() },
        AssumeRolePolicyDocument: encodeURIComponent(trust),
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      },
    };
  };
  return {
    GetRole(params) {
      return shown(world.role(nameIn(params)).name);
    },
    CreateRole(params) {
      const name = nameIn(params);
      const found = world.roles.get(name);
      if (found && found.deletedAt === undefined) throw new AwsFault('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
      const trust = text(params, 'AssumeRolePolicyDocument') ?? '';
      world.roles.set(name, { name, trust, madeAt: world.now, tags: tagsOf(params, 'Tags'), policies: new Map() });
      return shown(name);
    },
    UpdateAssumeRolePolicy(params) {
      living(params).trust = text(params, 'PolicyDocument') ?? '';
      return {};
    },
    GetRolePolicy(params) {
      const PolicyName = text(params, 'PolicyName') ?? '';
      const document = world.role(nameIn(params)).policies.get(PolicyName);
      if (document === undefined) throw new AwsFault('NoSuchEntity', 'The role policy cannot be found.', 404);
      return { RoleName: nameIn(params), PolicyName, PolicyDocument: encodeURIComponent(document) };
    },
    PutRolePolicy(params) {
      living(params).policies.set(text(params, 'PolicyName') ?? '', text(params, 'PolicyDocument') ?? '');
      return {};
    },
    ListRolePolicies: (params) => ({ PolicyNames: [...living(params).policies.keys()], IsTruncated: false }),
    DeleteRolePolicy(params) {
      if (!living(params).policies.delete(text(params, 'PolicyName') ?? '')) throw new AwsFault('NoSuchEntity', 'no such policy', 404);
      return {};
    },
    DeleteRole(params) {
      const role = living(params);
      if (role.policies.size > 0) throw new AwsFault('DeleteConflict', 'Cannot delete entity, must delete policies first.', 409);
      role.deletedAt = world.now;
      return {};
    },
  };
};
