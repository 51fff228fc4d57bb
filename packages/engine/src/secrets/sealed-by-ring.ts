import { type Place, userKeyPlace } from './sealer.ts'

/** A column whose values the ring seals; the table names the key of each in `key_id`. */
export interface SealedColumn {
  table: 'user_keys' | 'system_config' | 'installation_secrets'
  row: string
  rowType: 'uuid' | 'text'
  column: string
  /** What `keys status` calls its values. */
  words: string
  place(row: string): Place
}

/** Everything that the ring seals itself: what a change of keys has to seal again. */
export const sealedByRing: readonly SealedColumn[] = [
  {
    table: 'user_keys',
    row: 'user_id',
    rowType: 'uuid',
    column: 'wrapped_key',
    words: "users' keys",
    place: userKeyPlace,
  },
  {
    table: 'system_config',
    row: 'key',
    rowType: 'text',
    column: 'sealed_value',
    words: 'settings',
    place: settingPlace,
  },
  {
    table: 'installation_secrets',
    row: 'purpose',
    rowType: 'text',
    column: 'sealed_value',
    words: 'secrets of the installation',
    place: installationSecretPlace,
  },
]

export function settingPlace(key: string): Place {
  return { table: 'system_config', column: 'sealed_value', row: key, user: null }
}

export function installationSecretPlace(purpose: string): Place {
  return { table: 'installation_secrets', column: 'sealed_value', row: purpose, user: null }
}
