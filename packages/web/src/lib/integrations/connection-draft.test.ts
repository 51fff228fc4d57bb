import { describe, expect, it } from 'vitest'
import { changedSettings, toConnectionDraft } from './connection-draft.ts'

const today = '2026-11-21'
const stream = (id: string, enabled: boolean) => ({ id, name: id, fields: [], enabled, granted: true })
const status = {
  enabled: true,
  streams: [stream('sleep', true), stream('heart', false)],
  history: { from: '2025-11-21' },
}

describe("a connection's settings", () => {
  it('show a depth in words where it is one of those offered', () => {
    expect(toConnectionDraft(status, today)).toEqual({
      enabled: true,
      streams: ['sleep'],
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
    expect(changedSettings(status, { ...draft, streams: ['heart', 'sleep'] }, today)).toEqual({
      streams: ['sleep', 'heart'],
    })
    expect(changedSettings(status, { ...draft, depth: '730' }, today)).toEqual({ historyDays: 730 })
    expect(changedSettings(status, { ...draft, depth: 'date', since: '2020-01-01' }, today)).toEqual({
      historyFrom: '2020-01-01',
    })
    expect(changedSettings(status, { ...draft, depth: 'date' }, today)).toEqual({})
  })
})
