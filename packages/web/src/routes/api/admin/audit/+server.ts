import { answer } from '#lib/server/answer.ts'
import { auditQuery } from '#lib/server/audit-query.ts'
import { engine } from '#lib/server/engine.ts'
import { readQuery } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

export const GET = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  return engine().admin.audit(user.id, readQuery(event.url, auditQuery))
})
