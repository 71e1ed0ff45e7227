// What AWS refused, and what that means: not there, there already, for the moment only, or never.
// https://docs.aws.amazon.com/redshift/latest/APIReference/CommonErrors.html
import { DwhError, type Problem } from '../core/problem.ts';

const textOf = (value: unknown, key: string): string | undefined => {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'string' && found !== '' ? found : undefined;
};

/** AWS's code. The SDK's names are those of shapes, which end in Fault or Exception where codes do not. */
export function codeOf(error: unknown): string {
  const name = textOf(error, 'name') ?? textOf(error, 'Code') ?? 'Error';
  return name.replace(/(?:Fault|Exception)$/, '');
}

const statusOf = (error: unknown): number | undefined => {
  const metadata: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, '$metadata') : undefined;
  const status: unknown = typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'httpStatusCode') : undefined;
  return typeof status === 'number' ? status : undefined;
};

const messageOf = (error: unknown): string => textOf(error, 'message') ?? textOf(error, 'code') ?? String(error);

const ABSENT =
  /^(?:ClusterNotFound|NoSuchEntity|ResourceNotFound|InvalidGroup\.NotFound|InvalidGroupId\.NotFound|NotFound|NoSuchBucket|NoSuchTagSet|InvalidPermission\.NotFound)$/;
export const isAbsent = (error: unknown): boolean => ABSENT.test(codeOf(error));

const THERE =
  /^(?:ClusterAlreadyExists|EntityAlreadyExists|InvalidGroup\.Duplicate|InvalidPermission\.Duplicate|BucketAlreadyOwnedByYou|Conflict)$/;
export const isThere = (error: unknown): boolean => THERE.test(codeOf(error));

const BUSY =
  /^(?:Throttling|ThrottledClient|TooManyRequests|RequestLimitExceeded|RequestThrottled|SlowDown|PriorRequestNotComplete|DependentServiceRequestThrottling|InternalFailure|InternalServer|InternalError|ServiceUnavailable|ServiceFailure|Unavailable|RequestTimeout|TimeoutError|OperationAborted)$/;
const NETWORK = /^(?:ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|ECONNABORTED)$/;

/** The same request may be answered in a while. */
export const isBusy = (error: unknown): boolean =>
  BUSY.test(codeOf(error)) || NETWORK.test(textOf(error, 'code') ?? '') || (statusOf(error) ?? 0) >= 500;

/** What was just made is not yet known everywhere, or what was just given up is still in use. */
export function isUnsettled(error: unknown): boolean {
  const code = codeOf(error);
  if (
    /^(?:NoSuchEntity|InvalidGroup\.NotFound|InvalidGroupId\.NotFound|DependencyViolation|DeleteConflict|ConcurrentModification)$/.test(
      code,
    )
  )
    return true;
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
  return (
    /^(?:InvalidParameterValue|Validation|InvalidParameterCombination)$/.test(code) && /\brole\b|security group/i.test(messageOf(error))
  );
}

/** Something else is going on there: it ends by itself. */
export const isInTransition = (error: unknown): boolean =>
  /^(?:InvalidClusterState|InvalidClusterSnapshotState|Conflict)$/.test(codeOf(error));

const SIGN_IN = 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in: aws sso login.';

function told(error: unknown, doing: string): Omit<Problem, 'message'> & { readonly why: string } {
  const code = codeOf(error);
  const own = messageOf(error);
  if (
    /^(?:CredentialsProviderError|InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch|AuthFailure|MissingAuthenticationToken)$/.test(
      code,
    )
  )
    return { code: 'aws-credentials', why: 'there are no valid AWS credentials', hint: SIGN_IN };
  if (/^(?:ExpiredToken|RequestExpired|TokenRefreshRequired)$/.test(code))
    return { code: 'aws-credentials', why: 'the AWS credentials have expired', hint: 'Renew them, for example with: aws sso login.' };
  if (/^(?:AccessDenied|UnauthorizedOperation|AuthorizationError|Forbidden)$/.test(code) || statusOf(error) === 403)
    return {
      code: 'aws-denied',
      why: own,
      hint: `Give the AWS identity of this run the right to ${doing}, then run the command again: it goes on from here.`,
    };
  if (/NotEnough|InsufficientClusterCapacity|InsufficientCapacity/.test(code))
    return { code: 'aws-capacity', why: own, hint: 'AWS has no such nodes there for the moment: try again later, or another node_type.' };
  if (/Quota|LimitExceeded/.test(code))
    return { code: 'aws-quota', why: own, hint: 'Ask AWS to raise it (Service Quotas), or remove what is not needed.' };
  if (isBusy(error))
    return {
      code: 'aws-unreachable',
      why: `${own} (tried for minutes)`,
      hint: 'Check the network and the region, then run the command again: it goes on from here.',
    };
  return { code: 'aws-refused', why: `${code}: ${own}`, hint: 'Change what AWS names, then run the command again: it goes on from here.' };
}

/** `doing`: 'make the role dwh-shop'. A bug, and what is told in full already, is handed back as it is. */
export function refusal(error: unknown, doing: string): unknown {
  if (error instanceof DwhError || ((error instanceof TypeError || error instanceof ReferenceError) && textOf(error, 'code') === undefined))
    return error;
  const { why, ...problem } = told(error, doing);
  return new DwhError([{ ...problem, message: `AWS does not ${doing}: ${why}` }], { cause: error });
}
