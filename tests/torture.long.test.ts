import { expect, test } from 'vitest'
import { resetConnections } from './torture/reset-connections.ts'
import { runScenario } from './torture/run-scenario.ts'

test('database connections that are cut while history is imported cost no process, no page and no value', async () => {
  // Durations count in `npm run torture` alone.
  const { others, compared, faults } = await runScenario(resetConnections({ rounds: 2 }), {
    factor: Infinity,
    historyDays: 14,
  })
  expect(faults).toEqual([])
  expect(others.requests).toBeGreaterThan(0)
  expect(compared.values).toBeGreaterThan(100)
})
