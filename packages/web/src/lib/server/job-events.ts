import type { Job, ValuesChanged } from '@tributary/engine'
import { engine } from './engine.ts'

const heartbeatMs = 15_000
/** So many messages that a reader has not taken: it has gone away or cannot follow. */
const mostWaiting = 500

/**
 * What changes for a user as server-sent events: `job` with the job as its data, `values` with the metrics whose daily values
 * changed. Their ids are places in the outbox: `after` such a one a reader that was cut off misses nothing. A comment now and
 * then shows that the stream lives. It ends when `stays` returns false, which is checked before each message.
 */
export async function jobEvents(
  userId: string,
  stays: () => Promise<boolean>,
  after: string | undefined,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder()
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  let open = true
  let end = () => {}
  const stream = new ReadableStream<Uint8Array>({
    start: (started) => (controller = started),
    cancel() {
      open = false
      end()
    },
  })
  async function send(text: string): Promise<void> {
    if (!(await stays())) end()
    if (!open || !controller) return
    controller.enqueue(encoder.encode(text))
    if ((controller.desiredSize ?? 0) < -mostWaiting) end()
  }
  controller?.enqueue(encoder.encode('retry: 3000\n\n'))
  const heart = setInterval(() => void send(': alive\n\n').catch(() => end()), heartbeatMs)
  const watcher = {
    jobChanged: (job: Job) => send(`event: job\ndata: ${JSON.stringify(job)}\n\n`),
    valuesChanged: (changes: ValuesChanged) => send(`event: values\ndata: ${JSON.stringify(changes)}\n\n`),
    reached: (cursor: string) => send(`id: ${cursor}\n\n`),
    ended() {
      clearInterval(heart)
      if (open) controller?.close()
      open = false
    },
  }
  try {
    end = await engine().events.watch(userId, watcher, after)
  } catch (error) {
    clearInterval(heart)
    throw error
  }
  return stream
}
