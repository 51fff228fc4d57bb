import type { PluginStatus } from '@tributary/engine'
import { expect, it } from 'vitest'
import { importHindrance, nextAction, stateWords, ungrantedStreams } from './connection-words.ts'

const retired = { since: '2026-11-02', note: '' }
const status = (given: object) =>
  ({
    state: null,
    configured: true,
    enabled: true,
    simulated: false,
    plugin: { retired: null },
    ...given,
  }) as PluginStatus

it.each([
  [{}, 'connect'],
  [{ state: 'disconnected' }, 'connect'],
  [{ configured: false }, 'none'],
  [{ state: 'connected' }, 'sync'],
  [{ state: 'retrying' }, 'sync'],
  [{ state: 'connected', enabled: false }, 'switch-on'],
  [{ state: 'needs-reauthorization', enabled: false }, 'connect-again'],
  [{ state: 'needs-reauthorization' }, 'connect-again'],
  [{ state: 'misconfigured' }, 'correct'],
  [{ state: 'retired' }, 'none'],
  [{ plugin: { retired } }, 'none'],
  [{ plugin: { retired }, simulated: true }, 'connect'],
  [{ plugin: { retired }, simulated: true, state: 'connected' }, 'sync'],
])('offers for %j: %s', (given, action) => expect(nextAction(status(given))).toBe(action))

it('says what has to happen before days can be imported again', () => {
  const of = (given: object) =>
    importHindrance(status({ plugin: { name: 'Strava', retired: null }, ...given }))
  expect(of({ state: 'connected' })).toBeNull()
  expect(of({ state: 'connected', enabled: false })).toBe('Switch Strava on to import days again.')
  expect(of({ state: 'needs-reauthorization' })).toBe('Connect Strava again to import days again.')
  expect(of({ state: 'misconfigured' })).toBe('Days can be imported again when that is corrected.')
  expect(of({ state: 'connected', configured: false })).toBe(
    'Days can be imported again when Strava is set up.',
  )
  expect(of({ state: 'retired' })).toBe('Strava gives nothing any more; what was imported stays.')
})

it('says of a source that waits for an admin that it is not set up', () => {
  expect(stateWords(status({ configured: false })).words).toBe('Not set up yet')
})

it('says of a connection that its user switched off that it is paused', () => {
  expect(stateWords(status({ state: 'connected', enabled: false })).words).toBe('Paused')
  expect(stateWords(status({ state: 'connected', enabled: true })).words).toBe('Connected')
  expect(stateWords(status({ state: 'needs-reauthorization', enabled: false })).tone).toBe('bad')
})

it('names what is wanted and was not allowed', () => {
  const stream = (name: string, enabled: boolean, granted: boolean) =>
    ({ id: name, name, fields: [], enabled, granted, keepEvery: null }) as PluginStatus['streams'][number]
  const streams = [stream('Sleep', true, false), stream('Steps', true, true), stream('Heart', true, false)]
  expect(ungrantedStreams({ connected: true, streams })).toBe('Sleep and Heart')
  expect(ungrantedStreams({ connected: true, streams: [stream('Sleep', false, false)] })).toBeNull()
  expect(ungrantedStreams({ connected: false, streams })).toBeNull()
})
