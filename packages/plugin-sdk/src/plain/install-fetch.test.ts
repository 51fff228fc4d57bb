import { expect, test, vi } from 'vitest'

test('the global fetch is left as it is until a plain plugin is registered', async () => {
  vi.resetModules()
  const before = globalThis.fetch
  const sdk = await import('../index.ts')
  expect(globalThis.fetch).toBe(before)
  expect(sdk.isPlainPlugin({})).toBe(false)
  expect(globalThis.fetch).toBe(before)
})
