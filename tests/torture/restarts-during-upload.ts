import { setTimeout as pause } from 'node:timers/promises'
import type { MarkedDays } from '../../packages/engine/src/contract/engine.ts'
import type { HttpUser } from '../harness/http-user.ts'
import type { Scenario, Stage } from './scenario.ts'
import { dayOf, type RowUpload, uploadRows, valueOf } from './upload-rows.ts'

const nameOf = (file: number) => `upload${file}`
const longestDelayMs = 600
const mostDays = 365

/** Uploads files, each of which a restart interrupts; a client sends again what was not acknowledged. */
export function restartsDuringUpload({ restarts, rows }: { restarts: number; rows: number }): Scenario {
  return {
    database: 'embedded',
    async inflict(stage) {
      await stage.startImports()
      let acknowledged = 0
      for (let file = 0; file < restarts; file++) {
        const upload = { column: nameOf(file), rows }
        if (await interruptUpload(stage, upload, file)) acknowledged += 1
        else await sendAgain(stage, upload)
      }
      await stage.settled()
      await checkRows(stage.ada, restarts, rows)
      return `${restarts} restarts (kill -9 and SIGTERM) during uploads of ${rows} rows, of which ${acknowledged} were acknowledged before; all ${restarts * rows} values are there`
    },
  }
}

/** Uploads a file and restarts the application: halfway, or at a random moment. Returns whether the file was acknowledged. */
async function interruptUpload(stage: Stage, upload: RowUpload, file: number): Promise<boolean> {
  const { hub, ada } = stage
  const signal = file % 4 < 2 ? 'SIGKILL' : 'SIGTERM'
  if (file % 2 === 0) {
    const begun = Promise.withResolvers<undefined>()
    const restarted = Promise.withResolvers<undefined>()
    const halfway = () => {
      begun.resolve(undefined)
      return restarted.promise
    }
    const sent = uploadRows(hub.url, ada, { ...upload, halfway })
    await begun.promise
    await restart(stage, signal)
    restarted.resolve(undefined)
    return (await sent).acknowledged
  }
  const sent = uploadRows(hub.url, ada, upload)
  await pause(Math.random() * longestDelayMs)
  await restart(stage, signal)
  return (await sent).acknowledged
}

async function restart({ hub, prober }: Stage, signal: NodeJS.Signals): Promise<void> {
  await prober.pause()
  await hub.end(signal)
  await hub.start()
  prober.resume()
}

async function sendAgain({ hub, ada }: Stage, upload: RowUpload): Promise<void> {
  const { acknowledged, response } = await uploadRows(hub.url, ada, upload)
  if (!acknowledged) throw new Error(`an upload that was sent again got ${response}`)
}

async function checkRows(ada: HttpUser, files: number, rows: number): Promise<void> {
  const metrics = Array.from({ length: files }, (_, file) => `csv.${nameOf(file)}`)
  for (let row = 0; row < rows; row += mostDays) {
    const to = Math.min(rows, row + mostDays) - 1
    const query = new URLSearchParams({ from: dayOf(row), to: dayOf(to), metrics: metrics.join(',') })
    const { days } = await ada.json<MarkedDays>('GET', `/api/metrics/daily?${query}`)
    for (const [at, { date, values }] of days.entries())
      for (const metric of metrics)
        if (values[metric] !== valueOf(row + at))
          throw new Error(`${metric} of ${date} is ${values[metric]}, not ${valueOf(row + at)}`)
  }
}
