import type { AdminConfigField } from '@tributary/plugin-sdk'

/** A setting that an admin may change: what it is and how it is kept. */
export interface KnownSetting extends AdminConfigField {
  /** The whole key. */
  key: string
  checkbox?: boolean
  /** A number of days. */
  days?: boolean
}
