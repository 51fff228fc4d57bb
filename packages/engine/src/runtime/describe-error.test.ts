import { expect, test } from 'vitest'
import { describeError } from './describe-error.ts'
import { createLog } from './log.ts'

const token = 'f3Ab9_xYz0123456789abcdefghij'

test.each([
  `Headers.append: "Bearer ${token}" is an invalid header value.`,
  'Headers.append: "Bearer short" is an invalid header value.',
  `Failed to parse URL from https://api.example/revoke?token=short&x=1`,
  'getaddrinfo ENOTFOUND https://ada:short@api.example/path#access_token=short',
  `unexpected token in {"access_token":"short","refresh_token": 'short'}`,
  'client_secret=short&grant_type=refresh_token was refused',
  `no such file /set-up/${token}`,
  `GET https://hub.example/sign-in/link/${token} failed`,
])('of %s no secret is told', (message) => {
  const described = describeError(Object.assign(new Error(message), { request: { token } }))
  expect(JSON.stringify(described)).not.toMatch(/short|f3Ab9/)
})

test('the log tells no more of an error, be it what was logged or what caused it', () => {
  const lines: string[] = []
  const log = createLog('trace', { write: (line) => lines.push(line) })
  const cause = Object.assign(new Error(`Bearer ${token}`), {
    detail: 'Key (email)=(ada@example.org) exists.',
  })
  const error = Object.assign(new Error('it broke', { cause }), { parameters: [token] })
  log.error({ err: error }, 'an import broke')
  log.error(error)
  expect(lines).toHaveLength(2)
  for (const line of lines) {
    expect(line).toContain('it broke')
    expect(line).not.toMatch(/f3Ab9|ada@example/)
  }
})

test('what helps to find the fault is told', () => {
  const id = '0190b5c0-0000-7000-8000-00000000beef'
  const error = Object.assign(new TypeError(`no row ${id} in tributary.import_jobs at 127.0.0.1:5432`), {
    code: '23503',
    detail: 'Key (email)=(ada@example.org) already exists.',
  })
  expect(describeError(error)).toEqual({
    type: 'TypeError',
    message: `no row ${id} in tributary.import_jobs at 127.0.0.1:5432`,
    code: '23503',
    stack: expect.stringContaining('describe-error.test.ts:') as string,
  })
})
