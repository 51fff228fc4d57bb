import { engine } from '#lib/server/engine.ts'
import { lastSevenDays } from '#lib/server/last-seven-days.ts'
import { requireVisitor } from '#lib/server/require-signed-in.ts'

export const load = async (event) => {
  const { user } = await requireVisitor(event)
  const [plugins, templates, week] = await Promise.all([
    engine().plugins.list(user.id),
    engine().templates.list(user.id),
    lastSevenDays(user),
  ])
  return { plugins, week, first: templates.length === 0 }
}
