// What the commands that make and unmake warehouses share: what they are asked, and the outside they need.
import { setTimeout } from 'node:timers/promises';
import type { Deps } from '../core/request.ts';
import type { ClusterAsked, ClusterOutside, ClusterVerb } from '../engine/index.ts';
import type { Given } from './given.ts';
import type { System } from './system.ts';

/** Answers with the address that it sees, and nothing else. */
const WHO = 'https://checkip.amazonaws.com/';
const WHO_LIMIT_MS = 10_000;

async function address(signal: AbortSignal): Promise<string | undefined> {
  try {
    const answer = await fetch(WHO, { signal: AbortSignal.any([signal, AbortSignal.timeout(WHO_LIMIT_MS)]) });
    const text = (await answer.text()).trim();
    return answer.ok && /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) ? text : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

export const clusterOutside = (deps: Deps, system: System): ClusterOutside => ({
  ...deps,
  ask: system.ask,
  pause: async (ms, signal) => {
    await setTimeout(ms, undefined, { signal });
  },
  random: Math.random,
  openCloud: async (region, pathStyle) => (await import('../provision/aws/index.ts')).openCloud({ region, pathStyle }),
  address,
});

export function clusterAsked(verb: ClusterVerb, given: Given): ClusterAsked {
  const text = <K extends string>(key: K, name: string): { [P in K]?: string } => {
    const value = given.text(name);
    return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
  };
  const number = <K extends string>(key: K, name: string): { [P in K]?: number } => {
    const value = given.number(name);
    return (value === undefined ? {} : { [key]: value }) as { [P in K]?: number };
  };
  return {
    verb,
    overrides: {
      ...text('allowCidr', 'allow-cidr'),
      ...text('passwordEnv', 'password-env'),
      ...text('nodeType', 'node-type'),
      ...text('ttl', 'ttl'),
      ...number('nodes', 'nodes'),
      ...number('baseCapacity', 'base-capacity'),
    },
    yes: given.flag('yes') ?? false,
    snapshot: given.flag('final-snapshot') ?? true,
    keepBucket: given.flag('keep-bucket') ?? false,
    expired: given.flag('expired') ?? false,
    writeProfile: given.flag('write-profile') ?? false,
  };
}
