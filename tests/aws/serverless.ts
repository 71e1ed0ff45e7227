// Redshift Serverless: namespaces and workgroups, in JSON. One is not changed while the other is.
import { ACCOUNT, AwsFault, type Namespace, REGION, type Workgroup, type World } from './world.ts';

type Asked = Readonly<Record<string, unknown>>;
const arnOf = (kind: string, name: string): string => `arn:aws:redshift-serverless:${REGION}:${ACCOUNT}:${kind}/${name}`;
const tagsIn = (asked: Asked): Record<string, string> =>
  Object.fromEntries(((asked.tags ?? []) as { key: string; value: string }[]).map(({ key, value }) => [key, value]));
const absent = (what: string): AwsFault => new AwsFault('ResourceNotFoundException', `${what} was not found`);
const conflict = (message: string): AwsFault => new AwsFault('ConflictException', message);

export const serverless = (world: World): Readonly<Record<string, (asked: Asked) => unknown>> => {
  const namespace = (name: unknown): Namespace => {
    const found = world.namespaces.get(String(name));
    if (!found) throw absent(`The namespace ${name}`);
    return found;
  };
  const workgroup = (name: unknown): Workgroup => {
    const found = world.workgroups.get(String(name));
    if (!found) throw absent(`The workgroup ${name}`);
    return found;
  };
  const shownNamespace = ({ name, status, user, database, roles, managed }: Namespace) => ({
    namespace: {
      ...{ namespaceName: name, namespaceArn: arnOf('namespace', name), status, adminUsername: user, dbName: database },
      iamRoles: roles.map((arn) => `IamRole(applyStatus=in-sync, iamRoleArn=${arn})`),
      ...(managed && { adminPasswordSecretArn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:redshift!${name}` }),
    },
  });
  const shownWorkgroup = ({ name, namespace: of, status, capacity, port, groups }: Workgroup) => ({
    workgroup: {
      ...{ workgroupName: name, workgroupArn: arnOf('workgroup', name), namespaceName: of, status, baseCapacity: capacity },
      ...{ publiclyAccessible: true, securityGroupIds: groups },
      ...(status !== 'CREATING' && { endpoint: { address: `${name}.${ACCOUNT}.${REGION}.redshift-serverless.amazonaws.com`, port } }),
    },
  });
  const byArn = (arn: unknown): { readonly tags: Record<string, string> } => {
    const [kind, name] = String(arn).split(':').at(-1)?.split('/') ?? [];
    return kind === 'namespace' ? namespace(name) : workgroup(name);
  };
  return {
    GetNamespace: ({ namespaceName }) => shownNamespace(namespace(namespaceName)),
    CreateNamespace(asked) {
      const name = String(asked.namespaceName);
      if (world.namespaces.has(name)) throw conflict(`The namespace ${name} already exists`);
      const roles = asked.iamRoles as string[];
      for (const role of roles) {
        try {
          world.usable(role, 'redshift-serverless.amazonaws.com');
        } catch (error) {
          throw new AwsFault('ValidationException', (error as Error).message);
        }
      }
      const made: Namespace = {
        ...{ name, roles, status: 'MODIFYING', tags: tagsIn(asked), managed: asked.manageAdminPassword === true },
        ...{ user: String(asked.adminUsername), database: String(asked.dbName) },
      };
      world.move(made, 'MODIFYING', world.takes.create / 10, 'AVAILABLE');
      world.namespaces.set(name, made);
      return shownNamespace(made);
    },
    UpdateNamespace(asked) {
      const found = namespace(asked.namespaceName);
      if (found.status !== 'AVAILABLE') throw conflict(`The namespace is ${found.status}`);
      found.roles = asked.iamRoles as string[];
      world.move(found, 'MODIFYING', 20_000, 'AVAILABLE');
      return shownNamespace(found);
    },
    DeleteNamespace(asked) {
      const found = namespace(asked.namespaceName);
      if ([...world.workgroups.values()].some((one) => one.namespace === found.name)) throw conflict('A workgroup uses the namespace');
      if (found.status !== 'AVAILABLE') throw conflict(`The namespace is ${found.status}`);
      if (asked.finalSnapshotName !== undefined) world.snapshots.push(String(asked.finalSnapshotName));
      world.move(found, 'DELETING', world.takes.delete / 3, undefined);
      return shownNamespace(found);
    },
    GetWorkgroup: ({ workgroupName }) => shownWorkgroup(workgroup(workgroupName)),
    CreateWorkgroup(asked) {
      const name = String(asked.workgroupName);
      if (world.workgroups.has(name)) throw conflict(`The workgroup ${name} already exists`);
      if (namespace(asked.namespaceName).status !== 'AVAILABLE') throw conflict('The namespace is being changed');
      const groups = asked.securityGroupIds as string[];
      for (const group of groups) world.group(group);
      const made: Workgroup = {
        ...{ name, groups, namespace: String(asked.namespaceName), status: 'CREATING', tags: tagsIn(asked) },
        ...{ capacity: Number(asked.baseCapacity), port: Number(asked.port) },
      };
      world.move(made, 'CREATING', world.takes.create, 'AVAILABLE');
      world.workgroups.set(name, made);
      return shownWorkgroup(made);
    },
    UpdateWorkgroup(asked) {
      const found = workgroup(asked.workgroupName);
      if (found.status !== 'AVAILABLE') throw conflict(`The workgroup is ${found.status}`);
      found.capacity = Number(asked.baseCapacity);
      world.move(found, 'MODIFYING', world.takes.resize / 5, 'AVAILABLE');
      return shownWorkgroup(found);
    },
    DeleteWorkgroup(asked) {
      const found = workgroup(asked.workgroupName);
      if (found.status !== 'AVAILABLE') throw conflict(`The workgroup is ${found.status}`);
      world.move(found, 'DELETING', world.takes.delete, undefined);
      return shownWorkgroup(found);
    },
    ListTagsForResource: ({ resourceArn }) => ({ tags: Object.entries(byArn(resourceArn).tags).map(([key, value]) => ({ key, value })) }),
    TagResource(asked) {
      Object.assign(byArn(asked.resourceArn).tags, tagsIn(asked));
      return {};
    },
  };
};
