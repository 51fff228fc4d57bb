import { fail } from '@sveltejs/kit'
import { engine } from '#lib/server/engine.ts'
import { readForm } from '#lib/server/read-form.ts'
import { requireVisitor } from '#lib/server/require-signed-in.ts'
import { isTimeZone } from '@tributary/api'
import { groupTimeZones } from '#lib/time-zones.ts'

export const load = async (event) => {
  const { user } = await requireVisitor(event)
  return { account: user, zones: groupTimeZones(await engine().accounts.timeZones(), user.timeZone) }
}

export const actions = {
  default: async (event) => {
    const { user } = await requireVisitor(event)
    const timeZone = String((await readForm(event.request)).get('timeZone') ?? '')
    if (!isTimeZone(timeZone)) return fail(400, { message: 'Choose a time zone from the list.' })
    return { saved: await engine().accounts.setTimeZone(user.id, timeZone) }
  },
}
