import { join } from 'node:path'
import {
  createEngine,
  createLog,
  explainStart,
  loadKeyRing,
  type Log,
  type RunningEngine,
  type Settings,
  type Simulation,
} from '@tributary/engine'
import { createLab, fileStore, type Lab } from '@tributary/provider-lab'
import { loadPlugins } from './load-plugins.ts'
import { openDatabase, openDataDir } from './open-database.ts'

/** An engine with what it stands on, and the simulated providers beside it. */
export interface OpenEngine {
  engine: RunningEngine
  lab: Lab
  log: Log
  close(): Promise<void>
}

/** Opens data folder, database, keys and engine. `labUrl`: where this process reaches the simulated providers. */
export async function openEngine(settings: Settings, labUrl: string): Promise<OpenEngine> {
  const log = createLog(settings.logLevel)
  const dataDir = await openDataDir(settings, log)
  const keys = await loadKeyRing(settings, dataDir, log)
  const database = await openDatabase(settings, dataDir, log)
  try {
    const lab = createLab({
      store: fileStore(join(dataDir, 'lab')),
      // More than the services allow: all users of a simulation share one person, and trying it out must not wait an hour.
      requestLimits: 2000,
      redirectUri: (source) => `${settings.publicUrl}/api/plugins/${source}/callback`,
    })
    const simulation: Simulation = {
      sources: lab.sources,
      zone: lab.zone,
      client: (source) => lab.client(source),
      openKey: (source) => lab.openKey(source),
      url: labUrl,
      publicUrl: `${settings.publicUrl}/lab`,
      keepsLimits: false,
    }
    const { found: plugins, refused: refusedPlugins } = await loadPlugins(settings.plugins)
    const engine = await createEngine({
      settings,
      databaseUrl: database.url,
      keys,
      plugins,
      refusedPlugins,
      log,
      simulation,
    })
    return {
      engine,
      lab,
      log,
      async close() {
        await engine.close()
        await database.stop()
      },
    }
  } catch (error) {
    await database.stop()
    throw explainStart(error, dataDir)
  }
}
