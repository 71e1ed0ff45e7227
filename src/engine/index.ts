// The engine's whole interface: one call per command.

export type { Asked as ClusterAsked, Outside as ClusterOutside, Verb as ClusterVerb } from './commands/cluster/context.ts';
export { cluster } from './commands/cluster/index.ts';
export { type Afterwards, leased } from './commands/cluster/lease.ts';
export { perform } from './perform.ts';
