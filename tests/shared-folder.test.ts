import { afterEach, expect, test, vi } from 'vitest'
import { describeShared } from './harness/shared-folder.ts'

afterEach(() => void vi.unstubAllEnvs())

test('a folder that TRIBUTARY_SHARED lacks fails the tests that read it', () => {
  vi.stubEnv('TRIBUTARY_SHARED', import.meta.dirname)
  expect(() => describeShared('fixtures', 'answers', () => undefined)).toThrow(
    `${import.meta.dirname}/fixtures is not a folder`,
  )
})
