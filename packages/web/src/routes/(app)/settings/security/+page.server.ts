import { engine } from '#lib/server/engine.ts'
import { requireVisitor } from '#lib/server/require-signed-in.ts'

export const load = async (event) => {
  const { user } = await requireVisitor(event)
  return {
    tokens: await engine().accounts.tokens.list(user.id),
    now: engine().now().epochMilliseconds,
    timeZone: user.timeZone,
  }
}
