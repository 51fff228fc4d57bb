import type { AuditPage, AuditQuery } from './audit.ts'

/** Where a setting's value comes from; what comes from the environment is locked. */
export type SettingOrigin = 'database' | 'environment' | 'default' | null

/** One setting as an admin sees it. A secret's value is never given. */
export interface AdminSetting {
  /** E.g. `plugin.your-plugin.client_id` or `global.base_url`. */
  key: string
  label: string
  description: string | null
  type: 'text' | 'password' | 'select' | 'checkbox'
  required: boolean
  placeholder: string | null
  options: { value: string; label: string }[]
  /** `null` for a secret and where none is set; `true` or `false` for a checkbox. */
  value: string | null
  isSet: boolean
  /** ISO 8601; only for what is in the database. */
  changedAt: string | null
  from: SettingOrigin
  locked: boolean
}

export interface AdminPlugin {
  id: string
  name: string
  icon: string
  description: string
  retired: { since: string; note: string } | null
  /** Said on its card, where the plugin reads its client's secrets by itself. */
  readsOwnSecrets: boolean
  configured: boolean
  simulated: boolean
  /** Its fields, and last whether the simulated provider is used. */
  settings: AdminSetting[]
  setupInfo: { label: string; value: string; copyable: boolean }[]
}

export interface AdminConfiguration {
  global: AdminSetting[]
  plugins: AdminPlugin[]
  /** Plugins that were refused, each by a sentence that names file and fault. */
  refused: string[]
}

/** One thing that a test of a source's settings tried. */
export interface Check {
  name: string
  ok: boolean
  /** One sentence. */
  detail: string
}

export interface AdminUser {
  id: string
  name: string
  email: string
  role: 'user' | 'admin'
  disabled: boolean
  /** Whether signing in takes a second step. */
  secondStep: boolean
  createdAt: string
  /** ISO 8601; `null`: no session. */
  lastSeenAt: string | null
}

export interface Schedule {
  /** When the next connection falls due, ISO 8601; the next hour where there is none. */
  nextAt: string
  /** The imports of each hour, and when the first of them was asked for; the newest first. */
  slots: { at: string; ranAt: string; jobs: number }[]
  /** Connections that the schedule serves. */
  connections: number
}

/** For admins: every call throws `Problem` 403 for anybody else. */
export interface Admin {
  configuration(userId: string): Promise<AdminConfiguration>
  /** Sets values by key; `null` takes one away. Throws `Problem` 422 (unknown key, bad value) or 409 (locked). */
  configure(userId: string, values: Record<string, string | null>): Promise<AdminConfiguration>
  /** Really tries a source's settings. */
  test(userId: string, pluginId: string): Promise<Check[]>
  users(userId: string): Promise<AdminUser[]>
  /** Makes a one-time link; `email`: only for this address. */
  invite(
    userId: string,
    invitation: { email?: string | undefined; role: 'user' | 'admin' },
  ): Promise<{ link: string; expiresAt: string }>
  /** Throws `Problem` 409 where no admin would be left. */
  changeUser(
    userId: string,
    id: string,
    change: { disabled?: boolean | undefined; role?: 'user' | 'admin' | undefined },
  ): Promise<AdminUser>
  /**
   * Removes a user and all that is theirs; gives a sentence for each provider that could not be told. Throws `Problem` 409 for
   * the last admin.
   */
  deleteUser(userId: string, id: string): Promise<string[]>
  /**
   * Takes the second step from a user who lost it, and ends their sessions. Throws `Problem` 409 where there is none, and for
   * one's own.
   */
  resetSecondStep(userId: string, id: string): Promise<void>
  schedule(userId: string): Promise<Schedule>
  /** Who did what, newest first. Throws `Problem` 422 for an action that there is not. */
  audit(userId: string, query?: AuditQuery): Promise<AuditPage>
}
