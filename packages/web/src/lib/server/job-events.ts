import type { Job } from '@tributary/engine'
import { engine } from './engine.ts'

const heartbeatMs = 15_000
/** So many words that a reader has not taken: it has gone away or cannot follow. */
const mostWaiting = 500

/**
 * A user's jobs as server-sent events: `job` with the job as its data, on each change. A comment now and then shows that
 * the stream lives. It ends when `stays` says no, which is asked before each word.
 */
export function jobEvents(userId: string, stays: () => Promise<boolean>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let open = true
  let end = () => {}
  return new ReadableStream({
    start(controller) {
      async function say(text: string): Promise<void> {
        if (!(await stays())) end()
        if (!open) return
        controller.enqueue(encoder.encode(text))
        if ((controller.desiredSize ?? 0) < -mostWaiting) end()
      }
      const heart = setInterval(() => void say(': alive\n\n').catch(() => end()), heartbeatMs)
      try {
        end = engine().jobs.watch(userId, {
          changed: (job: Job) => say(`event: job\ndata: ${JSON.stringify(job)}\n\n`),
          ended() {
            clearInterval(heart)
            if (open) controller.close()
            open = false
          },
        })
      } catch (error) {
        clearInterval(heart)
        throw error
      }
      controller.enqueue(encoder.encode('retry: 3000\n\n'))
    },
    cancel() {
      open = false
      end()
    },
  })
}
