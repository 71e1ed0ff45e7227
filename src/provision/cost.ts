// What it costs, about: the list prices of one day and one region. AWS's bill is what counts.
// https://aws.amazon.com/redshift/pricing/
import type { ClusterSettings } from './settings.ts';
import type { ClusterState } from './state.ts';
import { RAN, SINCE } from './tags.ts';

/** Of the tables below: list prices on demand, us-east-1. */
export const PRICES_OF = 'March 2026';

/** USD per node and hour. */
const NODE_HOUR: Readonly<Record<string, number>> = {
  'ra3.large': 0.543,
  'ra3.xlplus': 1.086,
  'ra3.4xlarge': 3.26,
  'ra3.16xlarge': 13.04,
};
/** USD per RPU and hour, billed by the second while something runs. */
const RPU_HOUR = 0.375;
/** USD per GB and month, for what is kept. */
const GB_MONTH = 0.024;

const money = (usd: number): string => `${usd.toFixed(2)} USD`;
const NOTE = `(list prices of ${PRICES_OF}, us-east-1, without tax; storage comes on top, about ${GB_MONTH} USD per GB and month)`;

/** undefined: the price is not known. */
export const hourly = ({ nodeType, nodes }: { readonly nodeType: string; readonly nodes: number }): number | undefined => {
  const price = NODE_HOUR[nodeType];
  return price === undefined ? undefined : price * nodes;
};

/** What it will cost, in a line or two. */
export function estimate(settings: ClusterSettings): readonly string[] {
  if (settings.type === 'serverless') {
    const hour = settings.baseCapacity * RPU_HOUR;
    return [`Estimate: ${money(hour)} an hour while queries run (${settings.baseCapacity} RPU), nothing while none does ${NOTE}`];
  }
  const hour = hourly(settings);
  const size = `${settings.nodes} x ${settings.nodeType}`;
  if (hour === undefined)
    return [`Estimate: the price of ${settings.nodeType} is not known here: see https://aws.amazon.com/redshift/pricing/`];
  return [
    `Estimate: ${money(hour)} an hour, ${money(hour * 24)} a day, ${money(hour * 730)} a month while it is not paused: ${size} ${NOTE}`,
  ];
}

/** Seconds that it has run. Pauses that dwh did not make are not known, and count as running. */
export function secondsRun(cluster: ClusterState, now: number): number {
  const since = Date.parse(cluster.tags[SINCE] ?? '') || (cluster.createdAt ?? now);
  const running = cluster.phase === 'paused' ? 0 : Math.max(0, (now - since) / 1000);
  return Math.round(Number(cluster.tags[RAN] ?? 0) + running);
}

/** What it has cost so far. */
export function costSoFar(cluster: ClusterState, now: number): readonly string[] {
  const hours = secondsRun(cluster, now) / 3600;
  const hour = hourly(cluster);
  const size = `${cluster.nodes} x ${cluster.nodeType}`;
  const ran = `${hours.toFixed(1)} hours of ${size}`;
  return [
    hour === undefined ? `So far: ${ran}; its price is not known here` : `So far: about ${money(hour * hours)} for ${ran} ${NOTE}`,
    'Hours count from its creation, without the pauses that dwh made; a resize is counted at the size of now.',
  ];
}
