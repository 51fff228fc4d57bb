import type { DailyValue } from './metrics.ts'

/** What reading stored answers anew would change. */
export interface RemapPreview {
  /** Daily records and measurements that would be new, changed or gone. */
  records: number
  measurements: number
  /** Daily values that would be others. */
  dailyValues: number
  /** Windows whose stored answers cannot be read by today's mapping; what they brought stays as it is. */
  unreadable: number
  /** The largest differences, by what part of the value they are. */
  largest: { metric: string; date: string; from: DailyValue; to: DailyValue }[]
}

export interface Remap {
  /** `comparing` → `ready` (to be looked at) → `applying` → `applied`; or `cancelled`. */
  status: 'comparing' | 'ready' | 'applying' | 'applied' | 'cancelled'
  windows: { compared: number; total: number }
  preview: RemapPreview | null
  createdAt: string
  finishedAt: string | null
}

/** Reading the stored answers of a connection anew, after the plugin's mapping changed. No provider is asked. */
export interface Remaps {
  /** The last one of a connection. */
  get(userId: string, pluginId: string): Promise<Remap | null>
  /** Compares in the background; nothing is written yet. One that is open already goes on. Throws `Problem` 404, 409. */
  begin(userId: string, pluginId: string): Promise<Remap>
  /** Writes what the comparison found, all at once. Throws `Problem` 409 where none is ready. */
  apply(userId: string, pluginId: string): Promise<Remap>
  cancel(userId: string, pluginId: string): Promise<Remap>
}
