// S3: one bucket at a time, with what can go wrong told as problems.
export { type Folder, openFolder } from './folder.ts';
export { type Bucket, CONCURRENCY, type S3Object } from './objects.ts';
export { openBucket } from './open.ts';
export { folderUrl, isS3Url, type S3Url, s3Url } from './url.ts';
