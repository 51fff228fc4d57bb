import type { Groups } from '@tributary/api'
import { engine } from '../engine.ts'
import type { Handlers } from './handler.ts'

export const metricTemplateHandlers: Handlers<Groups['Metric templates']> = {
  async listTemplates({ user }) {
    return { templates: await engine().templates.list(user.id) }
  },
  async createTemplate({ user, body }) {
    return { template: await engine().templates.create(user.id, body) }
  },
  async orderTemplates({ user, body }) {
    await engine().templates.reorder(user.id, body.ids)
    return { success: true }
  },
  async readTemplate({ user, params }) {
    return { template: await engine().templates.get(user.id, params.id) }
  },
  async replaceTemplate({ user, params, body }) {
    return { template: await engine().templates.replace(user.id, params.id, body) }
  },
  async deleteTemplate({ user, params }) {
    await engine().templates.remove(user.id, params.id)
    return { success: true }
  },
}
