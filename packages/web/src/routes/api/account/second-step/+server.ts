import { z } from 'zod'
import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { readBody } from '#lib/server/read-input.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'

const object = 'The body must be a JSON object'
const confirmed = z.strictObject({ password: z.string('must be a text') }, object)
const entered = z.strictObject({ code: z.string('must be a text') }, object)

export const GET = answer(async (event) => {
  const { user } = await requireSignedIn(event)
  return engine().accounts.secondStep.read(user.id)
})

/** Makes the secret for an app. */
export const POST = answer(async (event) => {
  const signedIn = await requireSignedIn(event)
  const { password } = await readBody(event.request, confirmed)
  return engine().accounts.secondStep.begin(signedIn, password)
})

/** Turns it on by a code of the app; the one answer that holds the backup codes. */
export const PUT = answer(async (event) => {
  const signedIn = await requireSignedIn(event)
  const { code } = await readBody(event.request, entered)
  return { codes: await engine().accounts.secondStep.confirm(signedIn, code) }
})

export const DELETE = answer(async (event) => {
  const signedIn = await requireSignedIn(event)
  const { password } = await readBody(event.request, confirmed)
  await engine().accounts.secondStep.turnOff(signedIn, password)
  return { success: true }
})
