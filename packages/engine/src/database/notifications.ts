import type pg from 'pg'
import { sql } from 'kysely'
import { repeat } from '../runtime/repeat.ts'
import { openConnection } from './connection.ts'
import type { Transaction } from './database.ts'
import type { DatabaseLimits } from './limits.ts'

/**
 * `import_job_due` and `remap_due` wake workers; `event_written`, with the id of a user, wakes who reads their events;
 * `import_job_progress`, with the ids of user and job, says that a job has come further, which is no event.
 */
const channels = ['import_job_due', 'remap_due', 'event_written', 'import_job_progress'] as const

export type Channel = (typeof channels)[number]
/** What is said, and where. */
export type Notice = readonly [Channel, payload: string]

/** Tells every process, when the transaction commits. */
export async function notify(transaction: Transaction, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return
  await notifying(notices).execute(transaction)
}

/** The statement of `notify`, for one that does something else as well. */
export const notifying = (notices: readonly Notice[]) => sql`
  select pg_notify('tributary_' || channel, payload)
  from unnest(${notices.map(([channel]) => channel)}::text[], ${notices.map(([, payload]) => payload)}::text[])
    as n (channel, payload)`

export interface Notifications {
  /** Returns the way to stop listening. */
  on(channel: Channel, listener: (payload: string) => void): () => void
  close(): Promise<void>
}

const reconnectAfterMs = 1000
/** How often the connection is tried, on which nothing may come for hours; and how long its answer may take. */
const usualHeartbeat = { everyMs: 10_000, answerMs: 10_000 }

export interface NotificationOptions {
  url: string
  onFault: (error: Error) => void
  limits?: Partial<DatabaseLimits> | undefined
  heartbeat?: typeof usualHeartbeat | undefined
}

/**
 * Listens on one connection, and on another after it broke or fell silent. What was sent in between is lost, so listeners
 * also look by themselves.
 */
export function openNotifications({
  url,
  onFault,
  limits,
  heartbeat = usualHeartbeat,
}: NotificationOptions): Notifications {
  const listeners = new Map<string, Set<(payload: string) => void>>()
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false
  const heart = repeat(
    heartbeat.everyMs,
    async () => client?.query('select'),
    (error) => reconnect(error as Error),
  )

  async function connect(): Promise<void> {
    const next = await openConnection({ url, limits: { ...limits, statement: heartbeat.answerMs } })
    client = next
    next.on('error', reconnect)
    next.on('notification', ({ channel, payload = '' }) => {
      for (const listener of listeners.get(channel) ?? []) listener(payload)
    })
    await next.query(channels.map((channel) => `listen tributary_${channel}`).join('; '))
  }

  function reconnect(error: Error): void {
    if (closed || timer) return
    onFault(error)
    client?.end().catch(() => {})
    client = undefined
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
      await heart.stop()
    },
  }
}
