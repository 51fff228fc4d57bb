/**
 * What a lab keeps over a restart.
 *
 * A record lies under a SHA-256 name and holds no code and no token, so that the store is of no use to a thief. Processes
 * that share a store see the same records; `putNew` is how one of them wins.
 */
export interface LabStore {
  /** 32 random bytes made once for this store; tokens are signed with and derived from them. */
  readonly key: Buffer
  /** Undefined when there is none. An expired record may still be found. */
  get(name: string): Promise<LabRecord | undefined>
  put(name: string, record: LabRecord): Promise<void>
  /** Puts it only where there is none; false where there is one. Exactly one of many callers gets true. */
  putNew(name: string, record: LabRecord): Promise<boolean>
  /** No error when there is none. */
  remove(name: string): Promise<void>
  /** Removes what expired before `now` (milliseconds from the epoch). */
  sweep(now: number): Promise<void>
}

export interface LabRecord {
  /** Milliseconds from the epoch; null for a record that stays until it is removed. */
  readonly expiresAt: number | null
  readonly [key: string]: unknown
}
