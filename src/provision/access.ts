// What the warehouse may read: a role that Redshift takes on, and no more than the places that the project names.
// https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-redshift-service.html
import type { ClusterSettings } from './settings.ts';

export interface Place {
  readonly bucket: string;
  /** A folder or an object, without a slash at its end; empty: all of the bucket. */
  readonly key: string;
}

export const POLICY_NAME = 'dwh-read';

export const principalsOf = ({ type }: Pick<ClusterSettings, 'type'>): readonly string[] =>
  type === 'serverless' ? ['redshift-serverless.amazonaws.com', 'redshift.amazonaws.com'] : ['redshift.amazonaws.com'];

export const trustDocument = (principals: readonly string[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: principals.length === 1 ? principals[0] : principals },
        Action: 'sts:AssumeRole',
      },
    ],
  });

/** Undefined: it is no place on S3. */
export function placeOf(text: string): Place | undefined {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/is.exec(text) ?? /^([a-z0-9][a-z0-9.-]+[a-z0-9])()$/.exec(text) ?? [];
  return bucket === undefined ? undefined : { bucket, key: key.replace(/\/+$/, '') };
}

/** The same list for the same places, in whatever order they were found; a folder takes in what is below it. */
export function distinctPlaces(places: readonly Place[]): readonly Place[] {
  const covers = (outer: Place, inner: Place): boolean =>
    outer.bucket === inner.bucket && outer.key !== inner.key && (outer.key === '' || inner.key.startsWith(`${outer.key}/`));
  const byName = new Map(places.map((place) => [`${place.bucket}/${place.key}`, place]));
  const names = [...byName.keys()].sort();
  const all = names.flatMap((name) => byName.get(name) ?? []);
  return all.filter((place) => !all.some((other) => covers(other, place)));
}

/** Undefined: there is nothing to read. */
export function accessDocument(places: readonly Place[], partition: string): string | undefined {
  if (places.length === 0) return undefined;
  const bucketArn = (bucket: string): string => `arn:${partition}:s3:::${bucket}`;
  const objects = places.flatMap(({ bucket, key }) =>
    key === '' ? [`${bucketArn(bucket)}/*`] : [`${bucketArn(bucket)}/${key}`, `${bucketArn(bucket)}/${key}/*`],
  );
  const buckets = [...new Set(places.map(({ bucket }) => bucket))];
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: objects },
      { Effect: 'Allow', Action: 's3:GetBucketLocation', Resource: buckets.map(bucketArn) },
      ...buckets.map((bucket) => {
        const keys = places.filter((place) => place.bucket === bucket).map(({ key }) => key);
        const prefixes = keys.flatMap((key) => [key, `${key}/*`]);
        return {
          Effect: 'Allow',
          Action: 's3:ListBucket',
          Resource: bucketArn(bucket),
          ...(!keys.includes('') && { Condition: { StringLike: { 's3:prefix': prefixes } } }),
        };
      }),
    ],
  });
}

/** AWS keeps documents as they come, but may order and space them anew. */
export function sameDocument(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const normal = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(normal)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, item]) => [key, normal(item)]),
          )
        : value;
  return JSON.stringify(normal(JSON.parse(one))) === JSON.stringify(normal(JSON.parse(other)));
}

/** Those services of `wanted` that a trust policy does not let take the role on. */
export function untrusted(document: string, wanted: readonly string[]): readonly string[] {
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
  const { Statement } = JSON.parse(document) as { Statement?: unknown };
  const trusted = list(Statement).flatMap((one) => {
    const { Effect, Principal, Action } = one as { Effect?: unknown; Principal?: { Service?: unknown }; Action?: unknown };
    return Effect === 'Allow' && list(Action).includes('sts:AssumeRole') ? list(Principal?.Service) : [];
  });
  return wanted.filter((service) => !trusted.includes(service));
}
