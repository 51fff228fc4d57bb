import type { Groups } from '@tributary/api'
import { engine } from '../engine.ts'
import type { Handlers } from './handler.ts'

export const adminHandlers: Handlers<Groups['Administration']> = {
  readAuditLog: ({ user, query }) => engine().admin.audit(user.id, query),
  readConfiguration: ({ user }) => engine().admin.configuration(user.id),
  changeConfiguration: ({ user, body }) => engine().admin.configure(user.id, body),
  createInvitation: ({ user, body }) => engine().admin.invite(user.id, body),
  async testPlugin({ user, params }) {
    return { checks: await engine().admin.test(user.id, params.id) }
  },
  readSchedule: ({ user }) => engine().admin.schedule(user.id),
  async listUsers({ user }) {
    return { users: await engine().admin.users(user.id) }
  },
  async changeUser({ user, params, body }) {
    return { user: await engine().admin.changeUser(user.id, params.id, body) }
  },
  async deleteUser({ user, params }) {
    return { success: true, notices: await engine().admin.deleteUser(user.id, params.id) }
  },
  async resetSecondStep({ user, params }) {
    await engine().admin.resetSecondStep(user.id, params.id)
    return { success: true }
  },
  async simulateAll({ user }) {
    await engine().plugins.simulateAll(user.id)
    return { success: true }
  },
}
