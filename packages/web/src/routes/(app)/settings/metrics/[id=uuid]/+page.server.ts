import { engine } from '#lib/server/engine.ts'
import { lastSevenDays } from '#lib/server/last-seven-days.ts'
import { requireVisitor } from '#lib/server/require-signed-in.ts'

export const load = async (event) => {
  const { user } = await requireVisitor(event)
  const [template, plugins, week] = await Promise.all([
    engine().templates.get(user.id, event.params.id.toLowerCase()),
    engine().plugins.list(user.id),
    lastSevenDays(user),
  ])
  return { template, plugins, week }
}
