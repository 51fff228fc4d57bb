import type { DailyValue, Job, SignedIn } from '../contract/engine.ts'
import type { TestEngine } from './test-engine.ts'

/** Brings files of one user and reads what became of them. */
export function createUploader(tributary: TestEngine, { user }: SignedIn) {
  const { uploads, jobs, metrics } = tributary.engine

  async function upload(
    content: string | Uint8Array,
    { mapping, fileName = 'values.csv' }: { mapping?: unknown; fileName?: string } = {},
  ): Promise<Job> {
    const job = await uploads.receive(user.id, 'csv', {
      fileName,
      content: inPieces(Buffer.from(content as string)),
      mapping: () => (mapping === undefined ? undefined : JSON.stringify(mapping)),
    })
    await tributary.settled()
    return jobs.get(user.id, job.id)
  }

  /** What is guessed, with a change made to every column. */
  async function guess(text: string, change: object = {}): Promise<object> {
    const { mapping } = await uploads.guess(user.id, 'csv', Buffer.from(text))
    const { columns } = mapping as { columns: object[] }
    return { ...(mapping as object), columns: columns.map((column) => ({ ...column, ...change })) }
  }

  /** The values of some days of a metric. */
  async function values(metric: string, from: string, to = from): Promise<(DailyValue | undefined)[]> {
    const { days } = await metrics.daily(user.id, { from, to, metrics: [metric] })
    return days.map((day) => day.values[metric])
  }

  async function undoNewest(): Promise<void> {
    const newest = (await uploads.list(user.id, 'csv')).find(({ undone }) => !undone)
    await uploads.undo(user.id, newest?.id ?? '')
  }

  return { upload, guess, values, undoNewest }
}

async function* inPieces(bytes: Buffer): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000)
}
