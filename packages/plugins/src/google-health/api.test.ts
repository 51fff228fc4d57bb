import { expect, test } from 'vitest'
import { readError } from './api.ts'

test.each([
  [400, 'ACCOUNT_NOT_LINKED', 'reauthorize', /no Google Health yet.*connect again/],
  [401, 'ACCESS_TOKEN_EXPIRED', 'reauthorize', /Connect again\.$/],
  [403, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'not-allowed', /connect again and tick its box\.$/],
  [403, 'SERVICE_DISABLED', 'misconfigured', /admin enables it/],
  [429, 'RATE_LIMIT_EXCEEDED', 'rate-limited', /goes on by itself/],
])('%i %s has a consequence and a sentence that says what to do', (status, reason, code, message) => {
  const read = readError(status, {
    error: { message: 'Google’s own', details: [{ '@type': 'x' }, { reason }] },
  })
  expect(read).toEqual({ code, message: expect.stringMatching(message) })
  expect(read?.message).not.toContain('Google’s own')
})

test('what Google’s envelope does not tell is read by its status', () => {
  const because = (reason: string) => ({ error: { details: [{ reason }] } })
  expect(readError(400, because('INVALID_DATA_POINT_FILTER'))).toBeUndefined()
  expect(readError(500, because('INTERNAL'))).toBeUndefined()
  expect(readError(403, because('ANYTHING'))).toBeUndefined()
  expect(readError(403, '<html>')).toBeUndefined()
})

test.each([
  [412, { error: { code: 412, message: 'Precondition check failed.' } }, /no Google Health yet/],
  [
    403,
    {
      error: {
        code: 403,
        message: 'The caller does not have permission. Could not mint UberMint from GaiaMint.',
      },
    },
    /old Fitbit account.*then connect again/,
  ],
])('an account of which Google Health has nothing, told by a %i, asks its owner', (status, body, message) => {
  expect(readError(status, body)).toEqual({
    code: 'reauthorize',
    message: expect.stringMatching(message),
  })
})
