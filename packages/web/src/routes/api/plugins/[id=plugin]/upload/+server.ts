import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { readUpload } from '#lib/server/read-upload.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import type { RequestEvent } from './$types.js'

export const POST = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  const job = await readUpload(event.request, (upload) =>
    engine().uploads.receive(user.id, event.params.id, upload),
  )
  return Response.json({ job }, { status: 202 })
})
