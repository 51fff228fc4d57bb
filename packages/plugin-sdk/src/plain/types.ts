import type { AdminConfigField, SetupInfoItem } from '../plugin.ts'

/** The OAuth 2.0 settings of a plain plugin. */
export interface OAuthConfig {
  clientId: string
  clientSecret: string
  authorizationUrl: string
  tokenUrl: string
  scopes: string[]
  redirectUri: string
  usePKCE?: boolean
}

export interface OAuthCredentials {
  accessToken: string
  refreshToken: string
  expiresAt?: Date
  scope?: string
}

export interface DataFieldDescriptor {
  id: string
  name: string
  description?: string
  /** `time` takes `HH:MM` or minutes. */
  type: 'number' | 'time' | 'duration' | 'text'
  /** Taken as it is given, such as `0-100`. */
  unit?: string
}

/** One day's values by field id. */
export interface ImportedDataRecord {
  /** `YYYY-MM-DD` */
  date: string
  fields: Record<string, number | string | null | undefined>
}

/**
 * A plugin as a plain object. While one of its methods runs, the global `fetch` is the core's client: what it answers is
 * kept, budgeted, and replayed in a remap, where `fetchData` runs again without asking the source.
 */
export interface DataImportPlugin {
  id: string
  name: string
  description: string
  icon: string
  getAdminConfigFields(): AdminConfigField[]
  getSetupInfo?(configValues: Record<string, string>): SetupInfoItem[]
  isConfigured(): Promise<boolean>
  getOAuthConfig(): Promise<OAuthConfig>
  getAvailableFields(): DataFieldDescriptor[]
  validateCredentials(credentials: OAuthCredentials): Promise<boolean>
  refreshTokens(credentials: OAuthCredentials): Promise<OAuthCredentials>
  fetchData(
    credentials: OAuthCredentials,
    startDate: string,
    endDate: string,
    fields: string[],
  ): Promise<ImportedDataRecord[]>
}
