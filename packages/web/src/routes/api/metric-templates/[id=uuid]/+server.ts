import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import { templateSchema } from '#lib/server/template-schema.ts'
import type { RequestEvent } from './$types.js'

export const GET = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  return { template: await engine().templates.get(user.id, event.params.id.toLowerCase()) }
})

export const PUT = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  const wanted = await readBody(event.request, templateSchema)
  return { template: await engine().templates.replace(user.id, event.params.id.toLowerCase(), wanted) }
})

export const DELETE = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  await engine().templates.remove(user.id, event.params.id.toLowerCase())
  return { success: true }
})
