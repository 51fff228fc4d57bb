import type { DailyValue } from './daily-value.ts'

/** What reading stored answers again would change. */
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
  /** `comparing` → `ready` (to be looked at) → `applying` → `applied`; or `cancelled`. Where nothing differs, `ready` is left out. */
  status: 'comparing' | 'ready' | 'applying' | 'applied' | 'cancelled'
  /** The user asked for it, or the plugin's mapping changed. */
  because: 'asked' | 'mapping'
  windows: { compared: number; total: number }
  preview: RemapPreview | null
  createdAt: string
  finishedAt: string | null
}

/** What is stored of a connection's answers. */
export interface StoredAnswers {
  fetches: number
  pages: number
  /** As they came, and as they lie in the database; an answer that came twice lies there once. */
  bytes: number
  compressedBytes: number
}

/**
 * Maps the stored responses of a connection again, after the plugin's mapping changed; without a request to the source. The first
 * connection of the source is meant unless another one is named. Throws `Problem` 404 `unknown-connection`.
 */
export interface Remaps {
  /** The last one of a connection. */
  get(userId: string, pluginId: string, connectionId?: string): Promise<Remap | null>
  /** Throws `Problem` 404. */
  stored(userId: string, pluginId: string, connectionId?: string): Promise<StoredAnswers>
  /**
   * Compares in the background; nothing is written yet. One that is open already goes on, unless an older mapping began
   * it: that one is begun again. Throws `Problem` 404, 409.
   */
  begin(userId: string, pluginId: string, connectionId?: string): Promise<Remap>
  /** Writes what the comparison found, all at once. Throws `Problem` 409 where none is ready. */
  apply(userId: string, pluginId: string, connectionId?: string): Promise<Remap>
  cancel(userId: string, pluginId: string, connectionId?: string): Promise<Remap>
}
