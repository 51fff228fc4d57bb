import type { Answer, Refusal } from '@tributary/plugin-sdk'

/** What 401 means. */
const accessEnded: Refusal = {
  code: 'reauthorize',
  message:
    'Google no longer accepts this connection: it has ended, or the access was taken back in the Google account. Connect again.',
}

/** One stream's scope was not granted or taken back: connecting again is for the person to decide. */
const boxNotTicked: Refusal = {
  code: 'not-allowed',
  message: 'not allowed at Google; connect again and tick its box.',
}

/** Seen of connections whose access Google had narrowed; connecting again mends it. */
const permissionDenied: Refusal = {
  code: 'reauthorize',
  message: 'Google refuses this connection access to the data. Connect again and tick all boxes.',
}

const projectRefused: Refusal = {
  code: 'misconfigured',
  message:
    'Google refuses the Google Cloud project that this Tributary uses: it is suspended, deleted, or has no valid billing. An admin corrects it there.',
}

const quotaReasons = [
  'RATE_LIMIT_EXCEEDED',
  'dailyLimitExceeded',
  'quotaExceeded',
  'rateLimitExceeded',
  'userRateLimitExceeded',
]

/**
 * What an error in Google's envelope means, by its status and reason: `google.rpc.ErrorInfo`
 * (github.com/googleapis/googleapis, google/api/error_reason.proto) or the older `errors[].reason`
 * (developers.google.com/webmaster-tools/v1/errors lists those that all of its APIs share). `undefined`
 * where they say no more than the status does.
 */
export function readGoogleError(
  { name, api }: { name: string; api: string },
  status: number,
  body: Answer,
): Refusal | undefined {
  const reasons = reasonsOf(body)
  const isFor = (...known: string[]) => reasons.some((reason) => known.includes(reason))
  if (status === 401) return accessEnded
  if (status === 429 || (status === 403 && isFor(...quotaReasons))) {
    const wait = retryDelayOf(body)
    return {
      code: 'rate-limited',
      message: `${name} allows no more requests for now; the import goes on by itself.`,
      ...(wait === undefined ? {} : { wait }),
    }
  }
  if (status !== 403) return undefined
  if (isFor('ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'insufficientPermissions')) return boxNotTicked
  if (isFor('RESOURCE_PERMISSION_DENIED')) return permissionDenied
  if (isFor('CONSUMER_INVALID', 'CONSUMER_SUSPENDED', 'BILLING_DISABLED')) return projectRefused
  if (isFor('SERVICE_DISABLED', 'accessNotConfigured')) {
    return {
      code: 'misconfigured',
      message: `The ${api} is not enabled in the Google Cloud project. An admin enables it there; it takes some minutes.`,
    }
  }
  return undefined
}

/** All reasons that an error names, the newer form and the older one. */
export function reasonsOf(body: Answer): string[] {
  return [...list(body?.error?.details), ...list(body?.error?.errors)]
    .map((item: Answer) => item?.reason as unknown)
    .filter((reason) => typeof reason === 'string')
}

/** The wait of a `google.rpc.RetryInfo`, such as `30s`. */
function retryDelayOf(body: Answer): unknown {
  return list(body?.error?.details)
    .map((item: Answer) => item?.retryDelay as unknown)
    .find((delay) => delay !== undefined)
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
