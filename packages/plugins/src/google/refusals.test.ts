import { expect, test } from 'vitest'
import { googleFit } from '../google-fit/google-fit.ts'
import { googleHealth } from '../google-health/google-health.ts'

const sources = [googleHealth, googleFit]

test.each([
  [403, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'not-allowed', /tick its box/],
  [403, 'insufficientPermissions', 'not-allowed', /tick its box/],
  [403, 'RESOURCE_PERMISSION_DENIED', 'reauthorize', /Connect again/],
  [403, 'SERVICE_DISABLED', 'misconfigured', /admin enables it/],
  [403, 'accessNotConfigured', 'misconfigured', /admin enables it/],
  [403, 'CONSUMER_SUSPENDED', 'misconfigured', /An admin corrects it/],
  [403, 'RATE_LIMIT_EXCEEDED', 'rate-limited', /goes on by itself/],
  [403, 'userRateLimitExceeded', 'rate-limited', /goes on by itself/],
  [429, 'ANYTHING', 'rate-limited', /goes on by itself/],
  [401, 'ANYTHING', 'reauthorize', /Connect again/],
] as const)(
  '%i %s is %s at both services, in the newer form and the older one',
  (status, reason, code, message) => {
    const bodies = [{ error: { details: [{}, { reason }] } }, { error: { errors: [{ reason }] } }]
    for (const { plugin } of sources) {
      for (const body of bodies) {
        const read = plugin.api.readError?.(status, body)
        expect(read).toEqual({ code, message: expect.stringMatching(message) })
      }
    }
  },
)

test('how long to wait is read from the body', () => {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '30s' }]
  for (const { plugin } of sources)
    expect(plugin.api.readError?.(429, { error: { details } })).toMatchObject({ wait: '30s' })
})

test.each([undefined, null, '<html>', 1, [], {}, { error: null }, { error: { details: {}, errors: 'x' } }])(
  'a body %j says no more than its status',
  (body) => {
    for (const { plugin } of sources) expect(plugin.api.readError?.(403, body)).toBeUndefined()
  },
)
