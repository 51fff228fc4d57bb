import { requireAdmin } from './require-admin.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'

/** Makes every source a simulated one, as long as no source is set up for real. */
export async function simulateAll(parts: Parts, userId: string): Promise<void> {
  const { database, configuration, registry, simulation, sourceSettings } = parts
  await requireAdmin(database, userId)
  if (!simulation) throw new Problem(409, 'no-simulation', 'This installation has no simulated providers.')
  for (const { plugin } of registry.handlers.values()) {
    const settings = await sourceSettings(plugin)
    if (settings.configured && !settings.simulated && plugin.auth.type === 'oauth2') {
      throw new Problem(
        409,
        'already-configured',
        `${plugin.name} is set up already; simulate single sources instead.`,
      )
    }
  }
  for (const id of simulation.sources) {
    if (registry.find(id)) await configuration.set(`plugin.${id}.simulate`, 'true', { by: userId })
  }
}
