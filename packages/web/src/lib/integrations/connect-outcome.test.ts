import type { PluginStatus } from '@tributary/engine'
import { expect, it } from 'vitest'
import { connectOutcome } from './connect-outcome.ts'

const source = (connected: boolean) =>
  ({
    plugin: { id: 'fitbit', name: 'Fitbit', retired: null, successor: null },
    connected,
    configured: true,
    simulated: false,
    state: connected ? 'connected' : null,
  }) as PluginStatus
const read = (query: string, connected = false) =>
  connectOutcome(new URLSearchParams(query), [source(connected)])

it('tells of a success only where there is one', () => {
  expect(read('success=fitbit', true)).toMatchObject({ good: true })
  expect(read('success=fitbit')).toBeNull()
  expect(read('success=other', true)).toBeNull()
  expect(read('')).toBeNull()
})

it('has a sentence of its own for each code, and where to try again', () => {
  const codes = [
    'access_denied',
    'invalid_state',
    'expired',
    'invalid_code',
    'wrong_client',
    'provider_unavailable',
  ]
  const sentences = codes.map((code) => read(`error=${code}&plugin=fitbit`)?.sentence)
  expect(new Set(sentences).size).toBe(codes.length)
  expect(read('error=access_denied&plugin=fitbit')?.connectHref).toBe('/api/plugins/fitbit/auth')
  expect(read('error=wrong_client&plugin=fitbit')?.connectHref).toBeNull()
})

it('shows no text that came with the address', () => {
  for (const query of [
    'error=<b>hi</b>&plugin=<b>hi</b>',
    'error=constructor&plugin=fitbit',
    'error=__proto__',
  ]) {
    expect(read(query)?.sentence).toMatch(/^Connecting (Fitbit|the source) did not work\./)
  }
})
