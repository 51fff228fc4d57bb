import { answer } from '#lib/server/answer.ts'
import { describeAuthError } from '#lib/server/describe-auth-error.ts'
import { passToAuth } from '#lib/server/forward-auth.ts'

export const fallback = answer(async (event) => {
  const response = await passToAuth(event)
  return response.status < 400 ? response : describeAuthError(response, event.locals.requestId)
})
