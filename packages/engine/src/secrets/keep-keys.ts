import { audit } from '../audit/audit.ts'
import { openDatabase } from '../database/database.ts'
import { migrate } from '../database/migrate.ts'
import { checkKeys } from './check-keys.ts'
import { addToKeyFile, keyFileOf, makeKey } from './key-file.ts'
import type { KeyRing } from './key-ring.ts'
import { type KeyUse, readKeyUses } from './key-uses.ts'
import { reEncrypt } from './re-encrypt.ts'
import { Sealer } from './sealer.ts'
import { lockInstallation } from '../database/locks.ts'

/** One key of the ring, or one that is missing there though it sealed something. */
export interface KeyStatus {
  id: string
  /** `seals`: now; `opens`: what it sealed before; `unused`: it may be taken away; `missing`: it must be put back. */
  state: 'seals' | 'opens' | 'unused' | 'missing'
  uses: KeyUse[]
}

/** What the command line does with keys, beside an app that runs or not. */
export interface KeyKeeping {
  status(): Promise<KeyStatus[]>
  /** Puts a new key first into the key file of a data folder, and gives its id. */
  rotate(dataDir: string): Promise<string>
  /** Seals everything by the key that seals now; gives how much there was to seal. */
  reEncrypt(progress: (sealed: number) => void): Promise<number>
  close(): Promise<void>
}

export async function keepKeys(databaseUrl: string, ring: KeyRing): Promise<KeyKeeping> {
  await migrate(databaseUrl)
  const database = openDatabase({ url: databaseUrl, maxConnections: 2 })
  const sealer = new Sealer(ring)
  return {
    async status() {
      return describeKeys(ring, await database.asSystem((db) => readKeyUses(db)))
    },
    async rotate(dataDir) {
      await checkKeys(database, sealer)
      return database.asSystem(async (db) => {
        // Of two that rotate at the same moment the second must see the first one's key.
        await lockInstallation(db, 'keys')
        const { primary } = await addToKeyFile(keyFileOf(dataDir), makeKey())
        await audit(db, { action: 'keys.rotated', actor: null, details: { key: primary } })
        return primary
      })
    },
    async reEncrypt(progress) {
      await checkKeys(database, sealer)
      const values = await reEncrypt(database, sealer, progress)
      const details = { key: ring.primary, values }
      if (values > 0)
        await database.asSystem((db) => audit(db, { action: 'keys.re-encrypted', actor: null, details }))
      return values
    },
    close: () => database.close(),
  }
}

function describeKeys(ring: KeyRing, uses: KeyUse[]): KeyStatus[] {
  const { primary, ids } = ring
  const missing = uses.map(({ keyId }) => keyId).filter((id) => !ids.includes(id))
  return [...ids, ...new Set(missing)].map((id) => {
    const own = uses.filter(({ keyId }) => keyId === id)
    const state = id === primary ? 'seals' : own.length === 0 ? 'unused' : 'opens'
    return { id, state: ids.includes(id) ? state : 'missing', uses: own }
  })
}
