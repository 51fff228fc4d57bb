import type { Remap, StoredAnswers } from '@tributary/api'

export type { Remap, RemapPreview, StoredAnswers } from '@tributary/api'

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
