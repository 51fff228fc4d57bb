import { engine } from '#lib/server/engine.ts'
import { requireVisitor } from '#lib/server/require-signed-in.ts'

export const load = async (event) => {
  const signedIn = await requireVisitor(event)
  const { accounts } = engine()
  const [sessions, tokens, secondStep] = await Promise.all([
    accounts.sessions.list(signedIn),
    accounts.tokens.list(signedIn.user.id),
    accounts.secondStep.read(signedIn.user.id),
  ])
  return {
    sessions,
    tokens,
    secondStep,
    now: engine().now().epochMilliseconds,
    timeZone: signedIn.user.timeZone,
  }
}
