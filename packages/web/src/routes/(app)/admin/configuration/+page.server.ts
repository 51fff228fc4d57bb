import { engine } from '#lib/server/engine.ts'
import { requireVisitor } from '#lib/server/require-signed-in.ts'

export const load = async (event) => {
  const { user } = await requireVisitor(event)
  return { configuration: await engine().admin.configuration(user.id), timeZone: user.timeZone }
}
