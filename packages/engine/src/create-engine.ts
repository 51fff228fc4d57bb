import type { PlainHost } from '@tributary/plugin-sdk'
import { createAdmin } from './admin/admin.ts'
import { duringRequest } from './audit/request.ts'
import { createAccounts } from './accounts/accounts.ts'
import { renameZones } from './accounts/rename-zones.ts'
import { beginSetUp } from './accounts/sign-up-links.ts'
import { type Clock, systemClock } from './domain/clock.ts'
import { createConfiguration } from './configuration/configuration.ts'
import { createAccessTokens } from './connections/access-token.ts'
import { changeConnection } from './connecting/change-connection.ts'
import { disconnect } from './connecting/disconnect.ts'
import { finishAuthorization } from './connecting/finish-authorization.ts'
import { getStatus, listStatus } from './connecting/read-status.ts'
import { preferSources } from './connecting/prefer-sources.ts'
import { setKey } from './connecting/set-key.ts'
import { simulateAll } from './admin/simulate-all.ts'
import { startAuthorization } from './connecting/start-authorization.ts'
import { readCoverage } from './coverage/read-coverage.ts'
import { readStreams } from './coverage/read-streams.ts'
import { checkReady } from './database/check-ready.ts'
import { checkRoles } from './database/check-roles.ts'
import { openDatabase } from './database/database.ts'
import { migrate } from './database/migrate.ts'
import { openNotifications } from './database/notifications.ts'
import type { Engine } from './contract/engine.ts'
import { explainValue } from './explain/explain-value.ts'
import { readRawPage } from './explain/read-raw-page.ts'
import { getJob, listJobs } from './jobs/read-jobs.ts'
import { listRejections } from './jobs/read-rejections.ts'
import { requestViewedDay } from './jobs/request-viewed-day.ts'
import { syncNow } from './jobs/sync-now.ts'
import { createWatches, type Watches } from './jobs/watch-events.ts'
import type { Log } from './runtime/log.ts'
import { createApiClient } from './outgoing/api-client.ts'
import { problemOf } from './database/machine-faults.ts'
import { createOutgoing, type OutgoingOptions } from './outgoing/outgoing.ts'
import { compareSources } from './daily/compare-sources.ts'
import { readMarkedDaily, readMarkedDailyInParts } from './daily/read-marked-daily.ts'
import { readSplit } from './daily/read-split.ts'
import { enterValue } from './daily/enter-value.ts'
import { listChanges } from './daily/list-changes.ts'
import type { Parts } from './parts.ts'
import { createRemaps } from './remap/remaps.ts'
import { type Scheduler, startScheduler } from './schedule/run-schedule.ts'
import { checkKeys } from './secrets/check-keys.ts'
import { readInstallationSecrets } from './secrets/installation-secret.ts'
import type { KeyRing } from './secrets/key-ring.ts'
import { Sealer } from './secrets/sealer.ts'
import type { Settings } from './configuration/settings.ts'
import { asCore } from './sources/core-error.ts'
import { readResponses } from './sources/read-responses.ts'
import { createRegistry, type FoundPlugin, writeSources } from './sources/registry.ts'
import { createSourceSettings, readEffectiveValues, type Simulation } from './sources/source-settings.ts'
import { createTemplates } from './templates/templates.ts'
import { createUploads } from './uploads/uploads.ts'
import { startWorker, type Worker, type WorkerOptions } from './worker/worker.ts'
import type { DatabaseLimits } from './database/limits.ts'

export interface EngineOptions {
  settings: Settings
  databaseUrl: string
  /** How long the database may take; the usual unless given. */
  databaseLimits?: Partial<DatabaseLimits> | undefined
  keys: KeyRing
  plugins: Iterable<FoundPlugin>
  /** Plugins that could not even be read, each by a sentence. */
  refusedPlugins?: string[]
  log: Log
  clock?: Clock
  /** The simulated providers, where this installation offers them. */
  simulation?: Simulation
  /** How long providers are waited for, and who says where they are; the usual unless given. */
  outgoing?: Pick<OutgoingOptions, 'resolve' | 'limits'>
}

export interface RunningEngine extends Engine {
  startWorker(options?: WorkerOptions): Worker
  startScheduler(): Scheduler
  /** Makes the first admin that the settings name, or gives a set-up link's token, where nobody is there yet. */
  beginSetUp(): Promise<string | undefined>
  /** Ends all watches; what they keep open would keep a server from ending. */
  endWatches(): void
  close(): Promise<void>
}

/** Makes an engine on a database: migrates it, checks its roles and the keys, writes the sources' rows, opens the doors. */
export async function createEngine(options: EngineOptions): Promise<RunningEngine> {
  const { databaseUrl, databaseLimits, log, clock = systemClock, simulation, settings } = options
  const privateHosts = [...settings.privateHosts, ...labHosts(simulation)]
  const outgoing = createOutgoing({ ...options.outgoing, privateHosts })
  await migrate(databaseUrl)
  await checkRoles(databaseUrl)
  const database = openDatabase({ url: databaseUrl, limits: databaseLimits })
  try {
    const sealer = new Sealer(options.keys)
    await checkKeys(database, sealer)
    const configuration = createConfiguration(database, sealer, settings)
    const host: PlainHost = {
      values: (plugin) => asCore(() => readEffectiveValues(configuration, registry, plugin, sourceSettings)),
      fetch: (plugin) => async (input, init) => {
        const { resolve } = await asCore(() => sourceSettings(plugin))
        const authorization = { headers: {} }
        const authorize = () => Promise.resolve(authorization)
        const reader = readResponses(plugin, log)
        return createApiClient({ plugin, reader, clock, outgoing, resolve, authorize }).fetch(input, init)
      },
    }
    const registry = await createRegistry(options.plugins, host, options.refusedPlugins)
    await writeSources(database, registry)
    for (const sentence of registry.refused) log.error(sentence)
    await renameZones(database, log)
    const sourceSettings = createSourceSettings(configuration, settings, registry, simulation, log)
    const parts: Parts = {
      settings,
      database,
      notifications: openNotifications({
        url: databaseUrl,
        limits: databaseLimits,
        onFault: (err) => log.warn({ err }, 'notifications broke; listening again'),
      }),
      sealer,
      installationSecrets: await readInstallationSecrets(database, sealer),
      clock,
      log,
      configuration,
      registry,
      simulation,
      sourceSettings,
      accessTokens: createAccessTokens({ database, registry, sealer, clock, sourceSettings, outgoing }),
      outgoing,
    }
    const watches = createWatches(parts)
    return {
      ...offer(parts, settings.publicUrl, watches),
      endWatches: () => watches.end(),
      beginSetUp: () => beginSetUp(database, clock, settings),
      startScheduler: () => startScheduler(parts),
      startWorker: (workerOptions) => startWorker(parts, workerOptions),
      async close() {
        watches.end()
        await parts.notifications.close()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** The simulated providers may be asked where they are, without TLS. */
function labHosts(simulation: Simulation | undefined): string[] {
  return simulation ? [new URL(simulation.url).host] : []
}

function offer(parts: Parts, publicUrl: string, watches: Watches): Engine {
  const { database, clock, log } = parts
  return {
    publicUrl,
    otherHosts: parts.settings.hosts,
    accounts: createAccounts(parts, publicUrl),
    plugins: {
      list: (userId) => listStatus(parts, userId),
      get: (userId, id, connectionId) => getStatus(parts, { userId, sourceId: id, connectionId }),
      startAuthorization: (signedIn, id, connection) => startAuthorization(parts, signedIn, id, connection),
      finishAuthorization: (signedIn, id, callback) => finishAuthorization(parts, signedIn, id, callback),
      async setKey({ user }, id, key, connection) {
        const connectionId = await setKey(parts, user, id, key, connection)
        return getStatus(parts, { userId: user.id, sourceId: id, connectionId })
      },
      disconnect: (userId, id, { deleteData, connection: connectionId }) =>
        disconnect(parts, { userId, sourceId: id, connectionId }, deleteData),
      sync: (userId, id, days, connectionId) => syncNow(parts, { userId, sourceId: id, connectionId }, days),
      coverage: (userId, id, range, connectionId) =>
        readCoverage(parts, { userId, sourceId: id, connectionId }, range),
      streams: (userId, id, connectionId) => readStreams(parts, { userId, sourceId: id, connectionId }),
      async change(userId, id, changes, connectionId) {
        const of = { userId, sourceId: id, connectionId }
        await changeConnection(parts, of, changes)
        return getStatus(parts, of)
      },
      prefer: (userId, ids) => preferSources(parts, userId, ids),
      simulateAll: (userId) => simulateAll(parts, userId),
    },
    jobs: {
      list: (userId, wanted = {}) => listJobs(database, userId, wanted),
      get: (userId, id) => getJob(database, userId, id),
      rejections: (userId, id, wanted = {}) => listRejections(database, userId, id, wanted),
    },
    events: {
      watch: (userId, watcher, after) => watches.watch(userId, watcher, after),
    },
    metrics: {
      daily: (userId, range) => readMarkedDaily(parts, userId, range),
      dailyInParts: (userId, range) => readMarkedDailyInParts(parts, userId, range),
      compare: (userId, range) => compareSources(parts, userId, range),
      changes: (userId, wanted = {}) => listChanges(database, userId, wanted),
      split: (userId, range) => readSplit(parts, userId, range),
      enter: (userId, entry) => enterValue(parts, userId, entry),
      look: (userId, date) => requestViewedDay(parts, userId, date),
      explain: (userId, { metric, date, offset = 0 }) =>
        explainValue(parts, userId, { metric, date, offset }),
      rawPage: (userId, page) => readRawPage(database, userId, page),
    },
    remaps: createRemaps(parts),
    templates: createTemplates(database, parts.registry),
    uploads: createUploads(parts),
    admin: createAdmin(parts),
    async isSimulating() {
      const settings = await Promise.allSettled(
        [...parts.registry.handlers.values()].map(({ plugin }) => parts.sourceSettings(plugin)),
      )
      // Settings that cannot be read keep no other source from being simulated.
      return settings.some((one) => one.status === 'fulfilled' && one.value.simulated)
    },
    duringRequest,
    noteError: (err, where) => log.error({ ...where, err }, 'request failed'),
    problemOf,
    now: () => clock.now(),
    checkReady: () => checkReady(database),
  }
}
