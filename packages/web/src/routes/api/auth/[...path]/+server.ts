import { answer } from '#lib/server/answer.ts'
import { describeAuthError } from '#lib/server/describe-auth-error.ts'
import { engine } from '#lib/server/engine.ts'

export const fallback = answer(async ({ request, url, locals }) => {
  const { accounts, publicUrl } = engine()
  const response = await accounts.handle(new Request(new URL(url.pathname + url.search, publicUrl), request))
  return response.status < 400 ? response : describeAuthError(response, locals.requestId)
})
