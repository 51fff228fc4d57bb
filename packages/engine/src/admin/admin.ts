import { deleteAccount } from '../accounts/delete-account.ts'
import { readAudit } from './read-audit.ts'
import { resetSecondStep } from '../accounts/reset-second-step.ts'
import type { Admin } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { readSchedule } from '../schedule/read-schedule.ts'
import { readConfiguration } from './read-configuration.ts'
import { requireAdmin } from './require-admin.ts'
import { testPlugin } from './test-plugin.ts'
import { changeUser, invite, listUsers } from './users.ts'
import { writeConfiguration } from './write-configuration.ts'

/** What admins do; each call asks first whether it is one who calls. */
export function createAdmin(parts: Parts): Admin {
  async function asAdmin<Result>(userId: string, work: () => Promise<Result>): Promise<Result> {
    await requireAdmin(parts.database, userId)
    return work()
  }

  return {
    configuration: (userId) => asAdmin(userId, () => readConfiguration(parts)),
    configure: (userId, values) =>
      asAdmin(userId, async () => {
        await writeConfiguration(parts, userId, values)
        return readConfiguration(parts)
      }),
    test: (userId, pluginId) => asAdmin(userId, () => testPlugin(parts, userId, pluginId)),
    users: (userId) => asAdmin(userId, () => listUsers(parts)),
    invite: (userId, invitation) => asAdmin(userId, () => invite(parts, userId, invitation)),
    changeUser: (userId, id, change) => asAdmin(userId, () => changeUser(parts, userId, id, change)),
    deleteUser: (userId, id) => asAdmin(userId, () => deleteAccount(parts, id, userId)),
    audit: (userId, query = {}) => asAdmin(userId, () => readAudit(parts, query)),
    resetSecondStep: (userId, id) => asAdmin(userId, () => resetSecondStep(parts.database, id, userId)),
    schedule: (userId) => asAdmin(userId, () => readSchedule(parts.database, parts.clock.now())),
  }
}
