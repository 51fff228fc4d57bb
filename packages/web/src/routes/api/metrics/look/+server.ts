import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { daySchema } from '#lib/server/day-schema.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

const look = z.strictObject({ date: daySchema }, 'The body must be a JSON object')

export const POST = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  const { date } = await readBody(event.request, look)
  return { onTheWay: await engine().metrics.look(user.id, date) }
})
