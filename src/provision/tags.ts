// What tells whose a thing at AWS is. Every thing gets its tags in the request that makes it, so that at no moment something
// stands there that nobody knows.
import type { ClusterSettings } from './settings.ts';

export type Tags = Readonly<Record<string, string>>;

export const PROJECT = 'dwh:project';
export const CLUSTER = 'dwh:cluster';
/** Of the build that has the cluster for itself: its invocation, and when it must be over (ISO). */
export const LEASE = 'dwh:lease';
export const EXPIRES = 'dwh:expires';
/** For the bill: seconds that it ran until `SINCE` (ISO), and from then on it runs, unless it is paused. */
export const RAN = 'dwh:ran';
export const SINCE = 'dwh:since';

export const ownTags = ({ project, identifier, tags }: ClusterSettings): Tags => ({ ...tags, [PROJECT]: project, [CLUSTER]: identifier });

export const isOurs = (tags: Tags, { project, identifier }: ClusterSettings): boolean =>
  tags[PROJECT] === project && tags[CLUSTER] === identifier;

/** Those of `wanted` that are not there, or have another value. */
export const missingTags = (tags: Tags, wanted: Tags): Tags =>
  Object.fromEntries(Object.entries(wanted).filter(([key, value]) => tags[key] !== value));
