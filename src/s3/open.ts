// The AWS SDK is loaded with the first bucket that is opened.
import type { Location } from '../core/location.ts';
import type { Bucket } from './objects.ts';

/** `region`: as the project says; else the environment's, and in any case the bucket's own as soon as S3 tells it. */
export async function openBucket(name: string, at: Location, region?: string): Promise<Bucket> {
  const { bucketOf } = await import('./bucket.ts');
  return bucketOf(name, at, region);
}
