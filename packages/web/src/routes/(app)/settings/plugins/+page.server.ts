import { connectOutcome } from '#lib/integrations/connect-outcome.ts'
import { engine } from '#lib/server/engine.ts'
import { requireVisitor } from '#lib/server/require-signed-in.ts'

export const load = async (event) => {
  const { user } = await requireVisitor(event)
  const plugins = await engine().plugins.list(user.id)
  return {
    plugins,
    outcome: connectOutcome(event.url.searchParams, plugins),
    now: engine().now().epochMilliseconds,
    timeZone: user.timeZone,
    isAdmin: user.role === 'admin',
  }
}
