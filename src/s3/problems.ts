// What S3 and the way to it can refuse, in the user's words, with what to do.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
import type { Location } from '../core/location.ts';
import type { Problem } from '../core/problem.ts';
import type { Access } from './access.ts';

export interface Asked {
  /** 's3://bucket/key' */
  readonly place: string;
  readonly verb: 'listed' | 'read' | 'written' | 'removed';
  readonly at: Location;
}

export interface Answer {
  /** S3's code, or the name of the SDK's own error. */
  readonly name: string;
  readonly message: string;
  /** HTTP; undefined: there was no answer. */
  readonly status: number | undefined;
  /** Of the system: 'ECONNREFUSED'. */
  readonly system: string | undefined;
  /** Where the bucket is, when that is what is wrong. */
  readonly region: string | undefined;
}

const textIn = (value: unknown, key: string): string | undefined => {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'string' && found !== '' ? found : undefined;
};
const partOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

export function answerOf(error: unknown): Answer {
  const status = partOf(partOf(error, '$metadata'), 'httpStatusCode');
  const headers = partOf(partOf(error, '$response'), 'headers');
  return {
    name: textIn(error, 'name') ?? 'Error',
    // Several addresses that all refused are one error without a message.
    message: textIn(error, 'message') ?? textIn(error, 'code') ?? String(error),
    status: typeof status === 'number' ? status : undefined,
    system: textIn(error, 'code'),
    region: textIn(headers, 'x-amz-bucket-region') ?? textIn(error, 'Region'),
  };
}

interface Told {
  readonly code: string;
  readonly why: string;
  readonly hint: string;
}

const SIGN_IN = 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in: aws sso login.';
const EXPIRED: Told = {
  code: 's3-credentials',
  why: 'the AWS credentials have expired',
  hint: 'Renew them, for example with: aws sso login.',
};
const RIGHTS = {
  listed: 's3:ListBucket on the bucket',
  read: 's3:GetObject on its objects',
  written: 's3:PutObject on its objects',
  removed: 's3:DeleteObject on its objects',
};

const byName: Readonly<Record<string, Told>> = {
  ExpiredToken: EXPIRED,
  ExpiredTokenException: EXPIRED,
  TokenRefreshRequired: EXPIRED,
  InvalidAccessKeyId: { code: 's3-credentials', why: 'AWS does not know the access key', hint: SIGN_IN },
  InvalidToken: {
    code: 's3-credentials',
    why: 'the session token does not belong to the access key',
    hint: 'Set AWS_SESSION_TOKEN with its key, or unset it.',
  },
  SignatureDoesNotMatch: { code: 's3-credentials', why: 'the secret access key does not belong to the access key', hint: SIGN_IN },
  RequestTimeTooSkewed: {
    code: 's3-credentials',
    why: 'the clock of this machine is wrong by more than 15 minutes',
    hint: 'Set the clock.',
  },
  CredentialsProviderError: { code: 's3-credentials', why: 'there are no valid AWS credentials', hint: SIGN_IN },
  NoSuchBucket: {
    code: 's3-bucket',
    why: 'there is no such bucket',
    hint: 'Check its name; with AWS_ENDPOINT_URL set, it must be at that endpoint.',
  },
  InvalidBucketName: { code: 's3-bucket', why: 'a bucket cannot have such a name', hint: 'Write s3://bucket/folder/.' },
  InvalidObjectState: {
    code: 's3-archived',
    why: 'the object is archived',
    hint: 'Restore it from its storage class first: aws s3api restore-object.',
  },
};

const CERTIFICATE = /CERT|TLS|UNABLE_TO_/;

function told({ verb }: Asked, answer: Answer, { anonymous, endpoint }: Pick<Access, 'anonymous' | 'endpoint'>): Told {
  const { name, status, system, message, region } = answer;
  const known = Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (known) return known;
  const moved = status === 301 || status === 307;
  if (region !== undefined && (moved || status === 400))
    return {
      code: 's3-region',
      why: `the bucket is in the region ${region}`,
      hint: `Set region: ${region} under load:, or AWS_REGION.`,
    };
  if (moved) return { code: 's3-region', why: 'the bucket is in another region', hint: "Set region: under load: to the bucket's region." };
  if ((status === 401 || status === 403) && anonymous)
    return { code: 's3-credentials', why: 'no AWS credentials were found, and the bucket is not open to everyone', hint: SIGN_IN };
  if (status === 401 || status === 403)
    return { code: 's3-denied', why: 'access is denied', hint: `Give the AWS user or role of this run the right ${RIGHTS[verb]}.` };
  if (status !== undefined)
    return {
      code: 's3-refused',
      why: `S3 answered ${status} ${name}`,
      hint: 'If it is for the moment only, run again; nothing of this table was loaded.',
    };
  if (system !== undefined && CERTIFICATE.test(system))
    return {
      code: 's3-unreachable',
      why: `${message} (${system})`,
      hint: 'Name the certificate authority of your network: NODE_EXTRA_CA_CERTS=file.pem.',
    };
  const where = endpoint === undefined ? 'region: under load:' : `the endpoint ${endpoint}`;
  return { code: 's3-unreachable', why: message, hint: `Check the network, and ${where}. Nothing of this table was loaded.` };
}

/** `secrets` are blotted out of S3's own words. A bug is thrown as it is. */
export function s3Problem(
  asked: Asked,
  error: unknown,
  access: Pick<Access, 'anonymous' | 'endpoint'>,
  secrets: readonly string[],
): Problem {
  const answer = answerOf(error);
  if ((error instanceof TypeError || error instanceof ReferenceError) && answer.system === undefined) throw error;
  const { why, ...problem } = told(asked, answer, access);
  const shown = (text: string): string => secrets.reduce((all, secret) => all.replaceAll(secret, '*****'), text);
  const own = answer.status === undefined && problem.code !== 's3-credentials' ? [] : [shown(`${answer.name}: ${answer.message}`)];
  return { ...problem, message: `${asked.place} cannot be ${asked.verb}: ${shown(why)}`, at: asked.at, detail: own };
}
