// Where COPY finds objects: the buckets of the tests' S3 server, which dwh lists and reads by requests.
import type { S3Server } from '../support/s3-server.ts';
import { StoreError } from './copy/objects.ts';
import type { ObjectStore } from './database.ts';

export const bucketsOf = (server: S3Server): ObjectStore => ({
  async list(bucket, prefix) {
    const keys = server.keys(bucket, prefix);
    if (!keys) throw new StoreError(404, 'NoSuchBucket', 'The specified bucket does not exist');
    return keys;
  },
  async read(bucket, key) {
    if (!server.has(bucket)) throw new StoreError(404, 'NoSuchBucket', 'The specified bucket does not exist');
    return server.bytes(bucket, key);
  },
});
