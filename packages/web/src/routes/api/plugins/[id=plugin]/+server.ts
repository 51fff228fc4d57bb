import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { connectionOf } from '#lib/server/connection-of.ts'
import { connectionSettings } from '#lib/server/connection-settings.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody, readQuery } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import { todayOf } from '#lib/server/today-of.ts'
import type { RequestEvent } from './$types.js'

const deletion = z.strictObject({
  data: z.enum(['keep', 'delete'], 'must be keep or delete').default('keep'),
  connection: z.string().optional(),
})

export const GET = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  return engine().plugins.get(user.id, event.params.id, connectionOf(event.url))
})

export const PATCH = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  const settings = await readBody(event.request, connectionSettings(todayOf(user)))
  return engine().plugins.change(user.id, event.params.id, settings, connectionOf(event.url))
})

export const DELETE = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  const { data, connection } = readQuery(event.url, deletion)
  const { notice } = await engine().plugins.disconnect(user.id, event.params.id, {
    deleteData: data === 'delete',
    connection,
  })
  return { success: true, ...(notice !== null && { notice }) }
})
