import type { AdminConfiguration, AdminUser, AuditPage, Check, Schedule } from '@tributary/api'
import type { AuditQuery } from './audit.ts'

export type {
  AdminConfiguration,
  AdminPlugin,
  AdminSetting,
  AdminUser,
  Check,
  Schedule,
  SettingOrigin,
} from '@tributary/api'

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
