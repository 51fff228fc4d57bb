import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { connectionOf } from '#lib/server/connection-of.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import type { RequestEvent } from './$types.js'

const body = z.strictObject({ key: z.string().min(1, 'must not be empty') }, 'The body must be a JSON object')

export const PUT = answer(async (event: RequestEvent) => {
  const signedIn = await requireSignedIn(event)
  const { key } = await readBody(event.request, body)
  return engine().plugins.setKey(signedIn, event.params.id, key, connectionOf(event.url))
})
