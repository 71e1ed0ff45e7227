// S3: one bucket at a time, with what can go wrong told as problems. The AWS SDK is loaded with the first bucket that is opened.
import type { Location } from '../core/location.ts';
import type { Bucket } from './objects.ts';

export { type Bucket, CONCURRENCY, type S3Object } from './objects.ts';
export { isS3Url, type S3Url, s3Url } from './url.ts';

/** `region`: as the project says; else the environment's, and in any case the bucket's own as soon as S3 tells it. */
export async function openBucket(name: string, at: Location, region?: string): Promise<Bucket> {
  const { bucketOf } = await import('./bucket.ts');
  return bucketOf(name, at, region);
}
