// Buckets with their tags, and the few objects that a bucket for work holds.
import { AwsFault, type Bucket, type World } from './world.ts';

export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const signedFor = ({ headers }: RestRequest): string => /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';

/** What the request does, as S3's documentation names it. */
export function s3Action({ method, path, query }: RestRequest): string {
  const isBucket = path.split('/').filter((part) => part !== '').length < 2;
  if ('tagging' in query) return `${method === 'GET' ? 'Get' : 'Put'}BucketTagging`;
  if ('delete' in query) return 'DeleteObjects';
  if (method === 'GET' && isBucket) return 'ListObjectsV2';
  return `${{ HEAD: 'Head', PUT: isBucket ? 'Create' : 'Put', DELETE: 'Delete', GET: 'Get' }[method] ?? method}${isBucket ? 'Bucket' : 'Object'}`;
}

export function s3(world: World, request: RestRequest): RestAnswer {
  const [, name = '', ...rest] = request.path.split('/');
  const key = decodeURIComponent(rest.join('/'));
  const found = world.buckets.get(name);
  const action = s3Action(request);
  if (action === 'CreateBucket') {
    if (found) throw new AwsFault('BucketAlreadyOwnedByYou', 'You own the bucket already', 409);
    const tags = Object.fromEntries(
      [...request.body.matchAll(/<Key>(.*?)<\/Key><Value>(.*?)<\/Value>/g)].map(([, tag = '', value = '']) => [tag, value]),
    );
    const region = /<LocationConstraint>(.*?)<\/LocationConstraint>/.exec(request.body)?.[1] ?? 'us-east-1';
    world.buckets.set(name, { region, tags, objects: new Map() });
    return { status: 200, headers: { location: `/${name}` } };
  }
  if (!found) throw new AwsFault('NoSuchBucket', 'The specified bucket does not exist', 404);
  if (signedFor(request) !== found.region)
    return {
      status: 301,
      headers: { 'x-amz-bucket-region': found.region },
      body: '<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>',
    };
  return answer(action, found, () => world.buckets.delete(name), key, request);
}

function answer(action: string, found: Bucket, remove: () => void, key: string, { body }: RestRequest): RestAnswer {
  switch (action) {
    case 'HeadBucket':
      return { status: 200, headers: { 'x-amz-bucket-region': found.region } };
    case 'GetBucketTagging': {
      const tags = Object.entries(found.tags);
      if (tags.length === 0) throw new AwsFault('NoSuchTagSet', 'The TagSet does not exist', 404);
      const set = tags.map(([tag, value]) => `<Tag><Key>${tag}</Key><Value>${value}</Value></Tag>`).join('');
      return { status: 200, body: `<Tagging><TagSet>${set}</TagSet></Tagging>` };
    }
    case 'ListObjectsV2': {
      const contents = [...found.objects.keys()].slice(0, 1000).map((one) => `<Contents><Key>${one}</Key><Size>1</Size></Contents>`);
      return { status: 200, body: `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>` };
    }
    case 'DeleteObjects':
      for (const [, one = ''] of body.matchAll(/<Key>(.*?)<\/Key>/g)) found.objects.delete(one);
      return { status: 200, body: '<DeleteResult></DeleteResult>' };
    case 'PutObject':
      found.objects.set(key, Buffer.from(body));
      return { status: 200, headers: { etag: '"e"' } };
    case 'DeleteObject':
      found.objects.delete(key);
      return { status: 204 };
    case 'DeleteBucket':
      if (found.objects.size > 0) throw new AwsFault('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
      remove();
      return { status: 204 };
    default:
      throw new AwsFault('NotImplemented', `${action} is not part of this server`, 501);
  }
}
