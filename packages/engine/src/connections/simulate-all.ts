import type { Parts } from '../parts.ts'
import { Problem } from '../problem.ts'

/** Makes every source a simulated one, as long as no source is set up for real. */
export async function simulateAll(parts: Parts, userId: string): Promise<void> {
  const { database, configuration, registry, simulation, sourceSettings } = parts
  const user = await database.asUser(userId, (db) => db.selectFrom('users').select('role').executeTakeFirst())
  if (user?.role !== 'admin') throw new Problem(403, 'forbidden', 'Only an admin can do this.')
  if (!simulation) throw new Problem(409, 'no-simulation', 'This installation has no simulated providers.')
  for (const { plugin } of registry.handlers.values()) {
    const settings = await sourceSettings(plugin)
    if (settings.configured && !settings.simulated) {
      throw new Problem(
        409,
        'already-configured',
        `${plugin.name} is set up already; simulate single sources instead.`,
      )
    }
  }
  await configuration.set('global.simulate', 'all', { by: userId })
}
