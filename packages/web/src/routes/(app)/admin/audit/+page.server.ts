import { endpoints } from '@tributary/api'
import { engine } from '#lib/server/engine.ts'
import { readQuery } from '#lib/server/read-input.ts'
import { requireVisitor } from '#lib/server/require-signed-in.ts'

export const load = async (event) => {
  const { user } = await requireVisitor(event)
  const { action, before } = readQuery(event.url, endpoints.readAuditLog.query)
  return {
    page: await engine().admin.audit(user.id, { action: action || undefined, before }),
    action: action ?? '',
    before: before ?? null,
    timeZone: user.timeZone,
  }
}
