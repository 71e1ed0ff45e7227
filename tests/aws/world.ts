// What there is at an AWS of our own: clusters that take their time, roles that are not known everywhere at once, groups that
// cannot go while they are in use. Time is virtual: it goes on with every request, and when the test lets it.
export class AwsFault extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

export type Tags = Record<string, string>;

/** Virtual ms. */
export interface Durations {
  readonly create: number;
  readonly pause: number;
  readonly resume: number;
  readonly resize: number;
  readonly delete: number;
  /** Until a new role is shown; Redshift knows it after twice that. */
  readonly iam: number;
  /** Until a new security group is shown. */
  readonly ec2: number;
  /** A group stays in use after its cluster. */
  readonly release: number;
}

export const usual: Durations = {
  ...{ create: 240_000, pause: 120_000, resume: 180_000, resize: 600_000, delete: 150_000 },
  ...{ iam: 4000, ec2: 2000, release: 20_000 },
};

export interface Role {
  readonly name: string;
  readonly madeAt: number;
  trust: string;
  readonly tags: Tags;
  readonly policies: Map<string, string>;
  deletedAt?: number;
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly vpc: string;
  readonly madeAt: number;
  readonly tags: Tags;
  rules: { readonly cidr: string; readonly port: number }[];
  busyUntil: number;
}

export interface Moving {
  status: string;
  /** What it will be, and when; undefined: gone. */
  next?: { readonly at: number; readonly status: string | undefined };
}

export interface Cluster extends Moving {
  readonly id: string;
  readonly madeAt: number;
  nodeType: string;
  nodes: number;
  readonly user: string;
  readonly database: string;
  readonly port: number;
  readonly password: string | undefined;
  readonly publicly: boolean;
  readonly tags: Tags;
  readonly roles: Map<string, number>;
  groups: string[];
}

export interface Namespace extends Moving {
  readonly name: string;
  readonly user: string;
  readonly database: string;
  readonly managed: boolean;
  roles: string[];
  readonly tags: Tags;
}

export interface Workgroup extends Moving {
  readonly name: string;
  readonly namespace: string;
  capacity: number;
  readonly port: number;
  readonly groups: readonly string[];
  readonly tags: Tags;
}

export interface Bucket {
  readonly region: string;
  readonly tags: Tags;
  readonly objects: Map<string, Uint8Array>;
}

export const ACCOUNT = '123456789012';
export const VPC = 'vpc-0default';
export const REGION = 'us-west-2';

export class World {
  now = Date.UTC(2026, 0, 5, 9);
  defaultVpc: string | undefined = VPC;
  /** Where clusters answer; undefined: nowhere. */
  endpoint: { readonly host: string; readonly port: number } | undefined;
  readonly roles = new Map<string, Role>();
  readonly groups = new Map<string, Group>();
  readonly clusters = new Map<string, Cluster>();
  readonly namespaces = new Map<string, Namespace>();
  readonly workgroups = new Map<string, Workgroup>();
  readonly buckets = new Map<string, Bucket>();
  readonly snapshots: string[] = [];
  #count = 0;

  constructor(readonly takes: Durations = usual) {}

  id(prefix: string): string {
    this.#count++;
    return `${prefix}-${String(this.#count).padStart(8, '0')}`;
  }

  /** Brings everything to where it is by now. */
  settle(): void {
    const all: readonly (readonly [Map<string, Moving>, string])[] = [
      [this.clusters as Map<string, Moving>, 'cluster'],
      [this.namespaces as Map<string, Moving>, 'namespace'],
      [this.workgroups as Map<string, Moving>, 'workgroup'],
    ];
    for (const [things] of all) {
      for (const [name, thing] of things) {
        if (!thing.next || this.now < thing.next.at) continue;
        if (thing.next.status === undefined) {
          for (const id of (thing as Partial<Cluster>).groups ?? []) {
            const group = this.groups.get(id);
            if (group) group.busyUntil = thing.next.at + this.takes.release;
          }
          things.delete(name);
        } else {
          thing.status = thing.next.status;
          delete thing.next;
        }
      }
    }
    for (const [name, { deletedAt }] of this.roles)
      if (deletedAt !== undefined && this.now > deletedAt + this.takes.iam / 2) this.roles.delete(name);
  }

  move(thing: Moving, status: string, ms: number, then: string | undefined): void {
    thing.status = status;
    thing.next = { at: this.now + ms, status: then };
  }

  role(name: string): Role {
    const found = this.roles.get(name);
    if (!found || this.now < found.madeAt + this.takes.iam)
      throw new AwsFault('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
    return found;
  }

  /** As Redshift sees it: later than IAM itself, and only where it is trusted. */
  usable(arn: string, service: string): void {
    const role = this.roles.get(arn.split('/').at(-1) ?? '');
    if (!role || role.deletedAt !== undefined || this.now < role.madeAt + 2 * this.takes.iam || !role.trust.includes(service))
      throw new AwsFault('InvalidParameterValue', `The IAM role ${arn} is not valid or cannot be assumed by ${service}.`);
  }

  group(id: string): Group {
    const found = this.groups.get(id);
    if (!found) throw new AwsFault('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
    return found;
  }

  cluster(id: string): Cluster {
    const found = this.clusters.get(id);
    if (!found) throw new AwsFault('ClusterNotFound', `Cluster ${id} not found.`, 404);
    return found;
  }

  inUse(group: Group): boolean {
    const users = [...this.clusters.values(), ...this.workgroups.values()];
    return this.now < group.busyUntil || users.some(({ groups }) => groups.includes(group.id));
  }

  /** Everything that stands there, by name. */
  all(): readonly string[] {
    this.settle();
    return [
      ...[...this.buckets.keys()].map((name) => `bucket ${name}`),
      ...[...this.roles.values()].filter(({ deletedAt }) => deletedAt === undefined).map(({ name }) => `role ${name}`),
      ...[...this.groups.values()].map(({ name }) => `group ${name}`),
      ...[...this.clusters.keys()].map((name) => `cluster ${name}`),
      ...[...this.namespaces.keys()].map((name) => `namespace ${name}`),
      ...[...this.workgroups.keys()].map((name) => `workgroup ${name}`),
    ].sort();
  }
}
