import { Problem } from '@why502/model';

/** Names of errors of S3 and of the SDK when it looks for credentials (Amazon S3 API Reference, "List of error codes"). */
const refused = new Set([
  'AccessDenied',
  'AllAccessDisabled',
  'CredentialsProviderError',
  'ExpiredToken',
  'Forbidden',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
]);

const absent = new Set(['NoSuchBucket', 'NoSuchKey', 'NotFound']);

/** What a request to a bucket met, as somebody can mend it. */
export function bucketProblem(error: unknown, where: string): Problem {
  if (error instanceof Problem) return error;
  const { name, message } = described(error);
  const details = { where, excerpt: `${name}: ${message}`.slice(0, 300) };
  const options = { cause: error };
  if (absent.has(name)) return new Problem('W502_NOT_FOUND', { where }, options);
  if (refused.has(name) || /region is missing/i.test(message))
    return new Problem('W502_BUCKET_REFUSED', details, options);
  if (mayPass(error)) return new Problem('W502_BUCKET_UNREACHABLE', details, options);
  return new Problem('W502_READ_FAILED', details, options);
}

/** Whether the same request may be answered in a moment: the network, or a server that is not well. */
export function mayPass(error: unknown): boolean {
  const { name, code, status } = described(error);
  if (status !== undefined) return status >= 500 || status === 429;
  return (
    /^(?:ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENET|EPIPE|ETIMEDOUT|ERR_STREAM_PREMATURE_CLOSE)/.test(code) ||
    /Timeout|Networking|Premature|aborted/i.test(name)
  );
}

function described(error: unknown) {
  const { name, message, code, $metadata } = (error ?? {}) as {
    name?: unknown;
    message?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  return {
    name: typeof name === 'string' ? name : '',
    message: typeof message === 'string' ? (message.split('\n')[0] ?? '') : '',
    code: typeof code === 'string' ? code : '',
    status: $metadata?.httpStatusCode,
  };
}
