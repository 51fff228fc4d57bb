import { sql } from 'kysely'
import { audit } from '../audit/audit.ts'
import type { Database, Transaction } from '../database/database.ts'
import { settingPlace } from '../secrets/sealed-by-ring.ts'
import type { Sealer } from '../secrets/sealer.ts'
import type { Settings } from './settings.ts'

export interface StoredSetting {
  changedAt: Temporal.Instant
}

/** What the admin sets: `system_config` first, then the environment. */
export interface Configuration {
  get(key: string): Promise<string | undefined>
  /** Those of some keys that have a value. */
  read(keys: string[]): Promise<Record<string, string>>
  /** What is in the database, by key. */
  stored(): Promise<ReadonlyMap<string, StoredSetting>>
  set(key: string, value: string | null, options?: { secret?: boolean; by?: string }): Promise<void>
}

export function createConfiguration(database: Database, sealer: Sealer, settings: Settings): Configuration {
  const readRows = readTogether((keys: string[]) =>
    database.asSystem((db) =>
      db
        .selectFrom('system_config')
        .select(['key', 'value', 'sealed_value'])
        .where('key', '=', sql<string>`any(${keys})`)
        .execute(),
    ),
  )

  async function read(keys: string[]): Promise<Record<string, string>> {
    const stored = new Map((await readRows(keys)).map((row) => [row.key, row]))
    const entries = keys.map((key) => {
      const { sealed_value: sealed, value } = stored.get(key) ?? {}
      return [
        key,
        sealed ? sealer.open(sealed, settingPlace(key)) : (value ?? fromEnvironment(key, settings)),
      ] as const
    })
    return Object.fromEntries(
      entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
    )
  }

  return {
    read,
    get: async (key) => (await read([key]))[key],
    async stored() {
      const rows = await database.asSystem((db) =>
        db.selectFrom('system_config').select(['key', 'updated_at']).execute(),
      )
      return new Map(rows.map(({ key, updated_at }) => [key, { changedAt: updated_at }]))
    },
    async set(key, value, { secret = false, by } = {}) {
      await database.asSystem(async (db) => {
        if (value === null) {
          const { numDeletedRows } = await db
            .deleteFrom('system_config')
            .where('key', '=', key)
            .executeTakeFirstOrThrow()
          if (numDeletedRows > 0) await auditSetting(db, key, value, by)
          return
        }
        const columns = {
          value: secret ? null : value,
          sealed_value: secret ? sealer.seal(value, settingPlace(key)) : null,
          updated_by: by ?? null,
        }
        await db
          .insertInto('system_config')
          .values({ key, ...columns })
          .onConflict((conflict) =>
            conflict.column('key').doUpdateSet({ ...columns, updated_at: sql`now()` }),
          )
          .execute()
        await auditSetting(db, key, value, by)
      })
    },
  }
}

/** Reads what is requested at the same moment, such as the settings of every source, by one statement. */
function readTogether<Row>(readAll: (keys: string[]) => Promise<Row[]>): typeof readAll {
  let next: { keys: string[]; rows: Promise<Row[]> } | undefined
  return (keys) => {
    if (next === undefined) {
      const batch = { keys: [] as string[], rows: Promise.resolve<Row[]>([]) }
      batch.rows = Promise.resolve().then(() => {
        next = undefined
        return readAll(batch.keys)
      })
      next = batch
    }
    next.keys.push(...keys)
    return next.rows
  }
}

/** Tells which setting was changed, never to what; only of simulation whether it is on. */
async function auditSetting(
  db: Transaction,
  key: string,
  value: string | null,
  actor: string | null = null,
): Promise<void> {
  const [, source, name] = /^plugin\.([^.]+)\.(.+)$/.exec(key) ?? []
  const about = { actor, subject: null, ...(source === undefined ? {} : { source }) }
  if (name === 'simulate')
    await audit(db, { action: value === 'true' ? 'simulation.on' : 'simulation.off', ...about })
  else {
    const action = value === null ? 'configuration.removed' : 'configuration.changed'
    await audit(db, { action, ...about, details: { setting: key } })
  }
}

/** `plugin.your-plugin.client_id` ← `YOUR_PLUGIN_CLIENT_ID`, `global.base_url` ← `PUBLIC_URL`. */
function fromEnvironment(key: string, settings: Settings): string | undefined {
  if (key === 'global.base_url') return settings.publicUrl
  const match = /^plugin\.([a-z0-9-]+)\.([a-z0-9_]+)$/.exec(key)
  return match
    ? settings.environment(`${match[1]}_${match[2]}`.replaceAll('-', '_').toUpperCase())
    : undefined
}
