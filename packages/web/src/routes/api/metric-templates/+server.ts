import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import { templateSchema } from '#lib/server/template-schema.ts'

export const GET = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  return { templates: await engine().templates.list(user.id) }
})

export const POST = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  const wanted = await readBody(event.request, templateSchema)
  return Response.json({ template: await engine().templates.create(user.id, wanted) }, { status: 201 })
})
