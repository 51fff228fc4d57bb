import { describe, expect, it } from 'vitest'
import { changedSettings, toConnectionDraft } from './connection-draft.ts'

const today = '2026-11-21'
const stream = (id: string, enabled: boolean) => ({
  id,
  name: id,
  fields: [],
  enabled,
  granted: true,
  keepEvery: null,
})
const status = {
  name: null,
  enabled: true,
  streams: [stream('sleep', true), stream('heart', false)],
  history: { from: '2025-11-21' },
}

describe("a connection's settings", () => {
  it('show a depth in words where it is one of those offered', () => {
    expect(toConnectionDraft(status, today)).toEqual({
      name: '',
      enabled: true,
      streams: ['sleep'],
      keepEvery: {},
      depth: '365',
      since: '2025-11-21',
    })
    expect(toConnectionDraft({ ...status, history: { from: '2020-01-01' } }, today)).toMatchObject({
      depth: 'date',
      since: '2020-01-01',
    })
  })

  it('are sent only where they were changed', () => {
    const draft = toConnectionDraft(status, today)
    expect(changedSettings(status, draft, today)).toEqual({})
    expect(changedSettings(status, { ...draft, enabled: false }, today)).toEqual({ enabled: false })
    expect(changedSettings(status, { ...draft, name: ' Work ' }, today)).toEqual({ name: 'Work' })
    expect(changedSettings(status, { ...draft, streams: ['heart', 'sleep'] }, today)).toEqual({
      streams: ['sleep', 'heart'],
    })
    expect(changedSettings(status, { ...draft, depth: '730' }, today)).toEqual({ historyDays: 730 })
    expect(changedSettings(status, { ...draft, depth: 'date', since: '2020-01-01' }, today)).toEqual({
      historyFrom: '2020-01-01',
    })
    expect(changedSettings(status, { ...draft, depth: 'date' }, today)).toEqual({})
  })

  it('hold the detail of streams that have a choice, and send only what was changed of it', () => {
    const intraday = {
      ...status,
      streams: [{ ...stream('heart', true), keepEvery: 0 }, stream('sleep', true)],
    }
    const draft = toConnectionDraft(intraday, today)
    expect(draft.keepEvery).toEqual({ heart: 0 })
    expect(changedSettings(intraday, draft, today)).toEqual({})
    expect(changedSettings(intraday, { ...draft, keepEvery: { heart: 300 } }, today)).toEqual({
      keepEvery: { heart: 300 },
    })
  })
})
