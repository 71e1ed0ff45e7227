// What the cluster commands have at hand.
import type { Emit } from '../../../core/event.ts';
import type { Deps, Request } from '../../../core/request.ts';
import type { Secrets } from '../../../core/secrets.ts';
import type { Applying } from '../../../provision/apply.ts';
import type { Cloud } from '../../../provision/cloud.ts';
import type { Overrides } from '../../../provision/settings.ts';
import type { ClusterProject } from './project.ts';

export type Verb = 'create' | 'status' | 'pause' | 'resume' | 'resize' | 'delete' | 'cost' | 'doctor';

/** What the command line asks beyond the request. */
export interface Asked {
  readonly verb: Verb;
  readonly overrides: Overrides;
  readonly yes: boolean;
  /** delete: a last snapshot is taken. */
  readonly snapshot: boolean;
  readonly keepBucket: boolean;
  /** pause, delete: only what a build left behind. */
  readonly expired: boolean;
  /** create: the endpoint goes into profiles.yml. */
  readonly writeProfile: boolean;
}

/** What lies outside, beyond the clock. */
export interface Outside extends Deps {
  readonly ask: ((question: string) => Promise<string>) | undefined;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly openCloud: (region: string, pathStyle: boolean) => Promise<Cloud>;
  /** The address by which others see this machine; undefined: it cannot be found. */
  readonly address: (signal: AbortSignal) => Promise<string | undefined>;
}

export interface Context {
  readonly request: Request;
  readonly asked: Asked;
  readonly deps: Outside;
  readonly emit: Emit;
  readonly secrets: Secrets;
  readonly project: ClusterProject;
  readonly applying: Applying;
  /** Progress. */
  readonly say: (message: string) => void;
  /** What was asked for. */
  readonly answer: (lines: readonly string[]) => void;
}
