// How a bucket is reached: region, credentials and endpoint, each from where the AWS SDK finds them (environment variables,
// ~/.aws, web identity, container and instance metadata).
// https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/setting-credentials-node.html
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

export interface Access {
  /** To begin with: a bucket that is elsewhere says where. */
  readonly region: string;
  /** No credentials were found: requests go unsigned, which public buckets take. */
  readonly anonymous: boolean;
  /** Set where the environment or ~/.aws/config names one; for messages. */
  readonly endpoint: string | undefined;
  connect(region: string): S3Client;
  /** Texts that must not be shown. */
  secrets(): Promise<readonly string[]>;
}

const CONNECT_MS = 10_000;
/** Without a byte for so long, a connection is given up. */
const SILENT_MS = 60_000;
/** In all, unless AWS_MAX_ATTEMPTS is more; the SDK's own 3 are few when hundreds of thousands of objects are asked for. */
const ATTEMPTS = 5;

/** AWS's have 16 letters at least; servers for tests take `test`, which would blank out half of every word. */
const SHORTEST_SECRET = 8;

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** Throws what the SDK throws when credentials are configured and cannot be had. */
export async function findAccess(wanted: string | undefined, sockets: number): Promise<Access> {
  const { config } = new S3Client({ logger: quiet });
  const region = wanted ?? (await config.region().catch(() => 'us-east-1'));
  const endpoint = await configuredEndpoint(config);
  const found = await config.credentials().catch((error: unknown) => {
    if (error instanceof Error && error.message.startsWith('Could not load credentials from any providers')) return undefined;
    throw error;
  });
  const unsigned: S3ClientConfig = {
    credentials: { accessKeyId: '', secretAccessKey: '' },
    signer: { sign: async (request) => request },
  };
  const common: S3ClientConfig = {
    ...(found ? { credentials: config.credentials } : unsigned),
    logger: quiet,
    maxAttempts: Math.max(ATTEMPTS, await config.maxAttempts()),
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: SILENT_MS,
      httpAgent: { maxSockets: sockets },
      httpsAgent: { maxSockets: sockets },
    },
    // A server that is not Amazon's need not answer to bucket.host.
    forcePathStyle: endpoint !== undefined,
  };
  return {
    region,
    anonymous: found === undefined,
    endpoint,
    connect: (inRegion) => new S3Client({ ...common, region: inRegion }),
    async secrets() {
      const now = found && (await config.credentials().catch(() => found));
      return now ? [now.secretAccessKey, now.accessKeyId, now.sessionToken ?? ''].filter(({ length }) => length >= SHORTEST_SECRET) : [];
    },
  };
}

/** AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, or the profile's endpoint_url. The SDK's types do not tell that its clients know. */
async function configuredEndpoint(config: object): Promise<string | undefined> {
  const found = 'serviceConfiguredEndpoint' in config ? config.serviceConfiguredEndpoint : undefined;
  const endpoint: unknown = typeof found === 'function' ? await found() : undefined;
  return typeof endpoint === 'string' && endpoint !== '' ? endpoint : undefined;
}
