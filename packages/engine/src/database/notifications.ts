import pg from 'pg'
import { sql } from 'kysely'
import type { Transaction } from './database.ts'

/** Who is told what: `import_job_due` and `remap_due` wake workers, `import_job_changed` those who watch. */
const channels = ['import_job_due', 'remap_due', 'import_job_changed'] as const

export type Channel = (typeof channels)[number]
/** What is said, and where. */
export type Notice = readonly [Channel, payload: string]

/** Tells every process, when the transaction commits. */
export async function notify(transaction: Transaction, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return
  await sql`select pg_notify('tributary_' || channel, payload)
    from unnest(${notices.map(([channel]) => channel)}::text[], ${notices.map(([, payload]) => payload)}::text[])
      as n (channel, payload)`.execute(transaction)
}

export interface Notifications {
  /** Returns the way to stop listening. */
  on(channel: Channel, listener: (payload: string) => void): () => void
  close(): Promise<void>
}

const reconnectAfterMs = 1000

/** Listens on one connection, and again after it broke; what was said meanwhile is lost, so listeners also look by themselves. */
export function openNotifications(url: string, onFault: (error: Error) => void): Notifications {
  const listeners = new Map<string, Set<(payload: string) => void>>()
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: url, keepAlive: true })
    client = next
    next.on('error', reconnect)
    next.on('notification', ({ channel, payload = '' }) => {
      for (const listener of listeners.get(channel) ?? []) listener(payload)
    })
    await next.connect()
    await next.query(channels.map((channel) => `listen tributary_${channel}`).join('; '))
  }

  function reconnect(error: Error): void {
    if (closed || timer) return
    onFault(error)
    client?.end().catch(() => {})
    timer = setTimeout(() => {
      timer = undefined
      connecting = connect().catch(reconnect)
    }, reconnectAfterMs)
  }

  let connecting = connect().catch(reconnect)

  return {
    on(channel, listener) {
      const name = `tributary_${channel}`
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set.add(listener))
      return () => set.delete(listener)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await connecting
      await client?.end()
    },
  }
}
