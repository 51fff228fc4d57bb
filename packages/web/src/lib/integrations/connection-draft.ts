import type { HistoryStatus, PluginStatus } from '@tributary/engine'
import { addDays } from '../days.ts'

/** How far back history goes: so many days, or since a date. */
export type Depth = '30' | '365' | '730' | '1826' | 'date'

/** The depths that are offered, in words. */
export const depths: { value: Depth; name: string }[] = [
  { value: '30', name: 'The last month' },
  { value: '365', name: 'The last year' },
  { value: '730', name: 'The last two years' },
  { value: '1826', name: 'The last five years' },
  { value: 'date', name: 'Since a date' },
]

/** How many seconds make one measurement that is kept. */
export const details: { value: number; name: string }[] = [
  { value: 0, name: 'Every measurement' },
  { value: 60, name: 'One a minute' },
  { value: 300, name: 'One in 5 minutes' },
  { value: 900, name: 'One in 15 minutes' },
]

/** A connection's settings while they are edited. */
export interface ConnectionDraft {
  /** What the user calls it; empty: nothing. */
  name: string
  enabled: boolean
  /** Ids of the streams that are imported. */
  streams: string[]
  /** By stream, of those that have a choice. */
  keepEvery: Record<string, number>
  depth: Depth
  since: string
}

/** What is sent of them. */
export interface SettingsChange {
  name?: string
  enabled?: boolean
  streams?: string[]
  historyFrom?: string
  historyDays?: number
  historyPaused?: boolean
  keepEvery?: Record<string, number>
}

type Settable = Pick<PluginStatus, 'name' | 'enabled' | 'streams'> & {
  history: Pick<HistoryStatus, 'from'> | null
}

/** The settings as they are; a depth that is one of those offered is shown as such. */
export function toConnectionDraft(
  { name, enabled, streams, history }: Settable,
  today: string,
): ConnectionDraft {
  const since = history?.from ?? addDays(today, -365)
  const depth = depths.find(({ value }) => value !== 'date' && addDays(today, -Number(value)) === since)
  return {
    name: name ?? '',
    enabled,
    streams: streams.filter((stream) => stream.enabled).map(({ id }) => id),
    keepEvery: Object.fromEntries(
      streams.flatMap(({ id, keepEvery }) => (keepEvery === null ? [] : [[id, keepEvery]])),
    ),
    depth: depth?.value ?? 'date',
    since,
  }
}

/** Those settings that were changed; an empty object where none was. */
export function changedSettings(status: Settable, draft: ConnectionDraft, today: string): SettingsChange {
  const before = toConnectionDraft(status, today)
  const streams = status.streams.map(({ id }) => id).filter((id) => draft.streams.includes(id))
  const detail = Object.entries(draft.keepEvery).filter(([id, seconds]) => seconds !== before.keepEvery[id])
  const depthChanged = draft.depth === 'date' ? draft.since !== before.since : draft.depth !== before.depth
  return {
    ...(draft.name.trim() !== before.name && { name: draft.name.trim() }),
    ...(draft.enabled !== before.enabled && { enabled: draft.enabled }),
    ...(streams.join() !== before.streams.join() && { streams }),
    ...(detail.length > 0 && { keepEvery: Object.fromEntries(detail) }),
    ...(depthChanged &&
      (draft.depth === 'date' ? { historyFrom: draft.since } : { historyDays: Number(draft.depth) })),
  }
}
