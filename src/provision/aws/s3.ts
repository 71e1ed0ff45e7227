// The bucket for work_uri. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutBucketTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Cloud } from '../cloud.ts';
import { clientConfig, fromList, toList, unlessAbsent, type Where } from './clients.ts';

type S3Part = Pick<Cloud, 'bucket' | 'createBucket' | 'deleteBucket' | 'close'>;

const headerOf = (error: unknown, name: string): string | undefined => {
  const response: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, '$response') : undefined;
  const headers: unknown = typeof response === 'object' && response !== null ? Reflect.get(response, 'headers') : undefined;
  const value: unknown = typeof headers === 'object' && headers !== null ? Reflect.get(headers, name) : undefined;
  return typeof value === 'string' ? value : undefined;
};

export function s3(at: Where): S3Part {
  const { region } = at;
  const clients = new Map<string, S3Client>();
  const clientIn = (where: string): S3Client => {
    const known = clients.get(where) ?? new S3Client({ ...clientConfig({ ...at, region: where }), forcePathStyle: at.pathStyle });
    clients.set(where, known);
    return known;
  };
  const regionOf = async (name: string): Promise<string | undefined> => {
    try {
      const found = await unlessAbsent(clientIn(region).send(new HeadBucketCommand({ Bucket: name })));
      return found && (found.BucketRegion ?? region);
    } catch (error) {
      // One that is elsewhere, or another's, still says where it is.
      const elsewhere = headerOf(error, 'x-amz-bucket-region');
      if (elsewhere === undefined) throw error;
      return elsewhere;
    }
  };
  return {
    async bucket(name) {
      const where = await regionOf(name);
      if (where === undefined) return undefined;
      const denied = (error: unknown): undefined => {
        if (error instanceof Error && /AccessDenied|Forbidden/.test(error.name)) return undefined;
        throw error;
      };
      const found = await unlessAbsent(clientIn(where).send(new GetBucketTaggingCommand({ Bucket: name }))).catch(denied);
      return { region: where, tags: fromList(found?.TagSet) };
    },
    async createBucket(name, where, tags) {
      const elsewhere = where === 'us-east-1' ? {} : { LocationConstraint: where as BucketLocationConstraint };
      const CreateBucketConfiguration = { ...elsewhere, Tags: toList(tags) };
      const client = clientIn(where);
      await client.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration }));
      // Servers that are not Amazon's pass tags of a new bucket over.
      if (await unlessAbsent(client.send(new GetBucketTaggingCommand({ Bucket: name })))) return;
      await client.send(new PutBucketTaggingCommand({ Bucket: name, Tagging: { TagSet: toList(tags) } }));
    },
    async deleteBucket(name) {
      const client = clientIn((await regionOf(name)) ?? region);
      for (;;) {
        const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: name }));
        if (Contents.length === 0) break;
        const Objects = Contents.map(({ Key = '' }) => ({ Key }));
        await client.send(new DeleteObjectsCommand({ Bucket: name, Delete: { Objects, Quiet: true } }));
      }
      await client.send(new DeleteBucketCommand({ Bucket: name }));
    },
    close() {
      for (const client of clients.values()) client.destroy();
    },
  };
}
