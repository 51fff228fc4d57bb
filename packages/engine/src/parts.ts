import type { Clock } from './domain/clock.ts'
import type { Configuration } from './configuration/configuration.ts'
import type { AccessTokens } from './connections/access-token.ts'
import type { Database } from './database/database.ts'
import type { Notifications } from './database/notifications.ts'
import type { Log } from './runtime/log.ts'
import type { Outgoing } from './outgoing/outgoing.ts'
import type { InstallationSecrets } from './secrets/installation-secret.ts'
import type { Sealer } from './secrets/sealer.ts'
import type { Settings } from './configuration/settings.ts'
import type { Registry } from './sources/registry.ts'
import type { ReadSourceSettings, Simulation } from './sources/source-settings.ts'

/** What an engine is made of; every question and every step takes of it what it needs. */
export interface Parts {
  readonly settings: Settings
  readonly database: Database
  readonly notifications: Notifications
  readonly sealer: Sealer
  readonly installationSecrets: InstallationSecrets
  readonly clock: Clock
  readonly log: Log
  readonly configuration: Configuration
  readonly registry: Registry
  readonly simulation: Simulation | undefined
  readonly sourceSettings: ReadSourceSettings
  readonly accessTokens: AccessTokens
  readonly outgoing: Outgoing
}
