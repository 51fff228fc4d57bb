export type { AuditLine, AuditPage, AuditPerson } from '@tributary/api'

export interface AuditQuery {
  /** Only this action. */
  action?: string | undefined
  /** Only what came before the entry of this id: the `next` of the page before. */
  before?: string | undefined
  /** How many; 50 unless given. */
  limit?: number | undefined
}
