import { randomBytes } from 'node:crypto'
import type { LabRecord, LabStore } from '../store/lab-store.ts'
import { recordName } from './tokens.ts'

/** What a provider that remembers consents keeps of them: one per client, until it is revoked. */
export interface Consents {
  /** Adds what was just allowed. */
  add(allowed: Allowed): Promise<StandingConsent>
  /** Whether the client's consent is still the one of this id. */
  stands(clientId: string, id: string): Promise<boolean>
  end(clientId: string): Promise<void>
}

export interface Allowed {
  readonly clientId: string
  readonly scopes: readonly string[]
  /** Whether the tokens shall also serve for what was allowed before. */
  readonly includeEarlier: boolean
  readonly offline: boolean
  /** Whether the person was asked again as the client requested. */
  readonly prompted: boolean
}

export interface StandingConsent {
  readonly id: string
  /** The scopes that tokens made from it have. */
  readonly scopes: readonly string[]
  /** Whether a refresh token comes with them. */
  readonly refreshable: boolean
}

interface ConsentRecord extends LabRecord {
  readonly id: string
  readonly scopes: readonly string[]
  /** Whether it was ever given for offline access. */
  readonly offline: boolean
}

export function createConsents(source: string, store: LabStore): Consents {
  const name = (clientId: string) => recordName('consent', source, clientId)
  const find = async (clientId: string) => (await store.get(name(clientId))) as ConsentRecord | undefined

  return {
    async add({ clientId, scopes, includeEarlier, offline, prompted }) {
      // Of processes that take a first consent at once, one makes the id, and all go on with it.
      const none = { expiresAt: null, id: randomBytes(8).toString('hex'), scopes: [], offline: false }
      await store.putNew(name(clientId), none satisfies ConsentRecord)
      const earlier = (await find(clientId)) ?? none
      const all = [...new Set([...earlier.scopes, ...scopes])]
      await store.put(name(clientId), {
        ...earlier,
        scopes: all,
        offline: offline || earlier.offline,
      } satisfies ConsentRecord)
      return {
        id: earlier.id,
        scopes: includeEarlier ? all : scopes,
        refreshable: offline && (prompted || !earlier.offline),
      }
    },
    async stands(clientId, id) {
      return (await find(clientId))?.id === id
    },
    async end(clientId) {
      await store.remove(name(clientId))
    },
  }
}
