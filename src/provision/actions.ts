// One step towards what is wanted, as data: printed by --dry-run, carried out by apply.ts. Each may be done again when it was
// cut off: what is there already and ours is taken as made.
import type { Tags } from './tags.ts';

export type Waited = 'cluster' | 'namespace' | 'workgroup';

export type Action =
  | { readonly do: 'create-bucket'; readonly name: string; readonly region: string; readonly tags: Tags }
  | { readonly do: 'create-role'; readonly name: string; readonly trust: string; readonly tags: Tags }
  | { readonly do: 'trust-role'; readonly name: string; readonly trust: string }
  | { readonly do: 'allow-role'; readonly name: string; readonly access: string; readonly places: readonly string[] }
  | { readonly do: 'create-group'; readonly name: string; readonly vpc: string; readonly tags: Tags }
  | { readonly do: 'open-port' | 'close-port'; readonly name: string; readonly vpc: string; readonly cidr: string; readonly port: number }
  | {
      readonly do: 'create-cluster';
      readonly identifier: string;
      readonly nodeType: string;
      readonly nodes: number;
      readonly user: string;
      readonly database: string;
      readonly port: number;
      readonly passwordEnv: string | undefined;
      readonly roleArn: string;
      readonly group: string;
      readonly vpc: string;
      readonly subnetGroup: string | undefined;
      readonly tags: Tags;
    }
  | { readonly do: 'attach-role'; readonly identifier: string; readonly roleArn: string }
  | { readonly do: 'attach-group'; readonly identifier: string; readonly group: string; readonly vpc: string }
  | { readonly do: 'tag-cluster'; readonly identifier: string; readonly arn: string; readonly tags: Tags }
  | { readonly do: 'untag-cluster'; readonly identifier: string; readonly arn: string; readonly keys: readonly string[] }
  | { readonly do: 'pause-cluster' | 'resume-cluster'; readonly identifier: string }
  | {
      readonly do: 'resize-cluster';
      readonly identifier: string;
      readonly nodeType: string;
      readonly nodes: number;
      /** Not elastic: AWS copies the cluster, which is read-only meanwhile. */
      readonly classic: boolean;
    }
  | { readonly do: 'delete-cluster'; readonly identifier: string; readonly snapshot: string | undefined }
  | {
      readonly do: 'create-namespace';
      readonly name: string;
      readonly user: string;
      readonly database: string;
      readonly passwordEnv: string | undefined;
      readonly roleArn: string;
      readonly tags: Tags;
    }
  | { readonly do: 'attach-role-to'; readonly name: string; readonly roleArn: string }
  | {
      readonly do: 'create-workgroup';
      readonly name: string;
      readonly baseCapacity: number;
      readonly port: number;
      readonly group: string;
      readonly vpc: string;
      /** Its subnets are named; else AWS takes the default ones. */
      readonly inVpc: boolean;
      readonly tags: Tags;
    }
  | { readonly do: 'resize-workgroup'; readonly name: string; readonly baseCapacity: number }
  | { readonly do: 'tag-serverless'; readonly name: string; readonly arn: string; readonly tags: Tags }
  | { readonly do: 'delete-workgroup'; readonly name: string }
  | { readonly do: 'delete-namespace'; readonly name: string; readonly snapshot: string | undefined }
  | { readonly do: 'delete-group'; readonly name: string; readonly vpc: string }
  | { readonly do: 'delete-role'; readonly name: string }
  | { readonly do: 'delete-bucket'; readonly name: string }
  /** 'steady': nothing is going on there any more. */
  | {
      readonly do: 'wait';
      readonly for: Waited;
      readonly name: string;
      readonly until: 'available' | 'paused' | 'steady' | 'gone' | 'role';
    };

const nodesText = (nodes: number, nodeType: string): string => `${nodes} ${nodes === 1 ? 'node' : 'nodes'} of ${nodeType}`;
const snapshotText = (snapshot: string | undefined): string =>
  snapshot === undefined ? 'without a last snapshot: its data is lost' : `after a last snapshot, ${snapshot}`;
const passwordText = (variable: string | undefined): string =>
  variable === undefined ? 'a password that AWS keeps' : `the password in ${variable}`;

/** What it does, as an order: 'make the role dwh-shop'. */
export function orderOf(action: Action): string {
  switch (action.do) {
    case 'create-bucket':
      return `make the bucket ${action.name} in ${action.region}`;
    case 'create-role':
      return `make the role ${action.name}, which Redshift takes on`;
    case 'trust-role':
      return `let Redshift take on the role ${action.name}`;
    case 'allow-role':
      return `let the role ${action.name} read ${action.places.join(', ')}`;
    case 'create-group':
      return `make the security group ${action.name} in ${action.vpc}`;
    case 'open-port':
      return `let ${action.cidr} connect to port ${action.port}`;
    case 'close-port':
      return `let ${action.cidr} connect to port ${action.port} no longer`;
    case 'create-cluster':
      return `make the cluster ${action.identifier}: ${nodesText(action.nodes, action.nodeType)}, database ${action.database}, user ${action.user}, ${passwordText(action.passwordEnv)}`;
    case 'attach-role':
      return `give the cluster ${action.identifier} its role`;
    case 'attach-group':
      return `give the cluster ${action.identifier} its security group`;
    case 'tag-cluster':
      return `tag the cluster ${action.identifier}: ${Object.keys(action.tags).join(', ')}`;
    case 'untag-cluster':
      return `take tags off the cluster ${action.identifier}: ${action.keys.join(', ')}`;
    case 'pause-cluster':
      return `pause the cluster ${action.identifier}`;
    case 'resume-cluster':
      return `resume the cluster ${action.identifier}`;
    case 'resize-cluster':
      return `resize the cluster ${action.identifier} to ${nodesText(action.nodes, action.nodeType)}${action.classic ? ' (a classic resize: hours, read-only meanwhile)' : ''}`;
    case 'delete-cluster':
      return `delete the cluster ${action.identifier}, ${snapshotText(action.snapshot)}`;
    case 'create-namespace':
      return `make the namespace ${action.name}: database ${action.database}, user ${action.user}, ${passwordText(action.passwordEnv)}`;
    case 'attach-role-to':
      return `give the namespace ${action.name} its role`;
    case 'create-workgroup':
      return `make the workgroup ${action.name} of ${action.baseCapacity} RPU`;
    case 'resize-workgroup':
      return `resize the workgroup ${action.name} to ${action.baseCapacity} RPU`;
    case 'tag-serverless':
      return `tag ${action.name}: ${Object.keys(action.tags).join(', ')}`;
    case 'delete-workgroup':
      return `delete the workgroup ${action.name}`;
    case 'delete-namespace':
      return `delete the namespace ${action.name}, ${snapshotText(action.snapshot)}`;
    case 'delete-group':
      return `delete the security group ${action.name}`;
    case 'delete-role':
      return `delete the role ${action.name}`;
    case 'delete-bucket':
      return `delete the bucket ${action.name} with all that is in it`;
    case 'wait':
      return action.until === 'role'
        ? `wait until the ${action.for} ${action.name} has its role`
        : `wait until the ${action.for} ${action.name} is ${action.until}`;
  }
}
