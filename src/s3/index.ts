// S3: one bucket at a time, with what can go wrong told as problems.
export { type Bucket, CONCURRENCY, openBucket, type S3Object } from './bucket.ts';
export { isS3Url, type S3Url, s3Url } from './url.ts';
