import { engine } from '#lib/server/engine.ts'
import { requireVisitor } from '#lib/server/require-signed-in.ts'

export const load = async (event) => {
  const { user } = await requireVisitor(event)
  return {
    users: await engine().admin.users(user.id),
    me: user.id,
    now: engine().now().epochMilliseconds,
    timeZone: user.timeZone,
  }
}
