import { setTimeout as pause } from 'node:timers/promises'
import type { MarkedDays } from '../../packages/engine/src/engine.ts'
import type { HttpUser } from '../harness/http-user.ts'
import { createRandom } from '../harness/random.ts'
import type { Scenario, Stage } from './scenario.ts'
import { dayOf, uploadRows, valueOf } from './upload-rows.ts'

const nameOf = (file: number) => `upload${file}`
const longestDelayMs = 600
const mostDays = 365

/** Uploads files, each of which a restart interrupts at a random moment; a client sends again what was not acknowledged. */
export function restartsDuringUpload({ restarts, rows }: { restarts: number; rows: number }): Scenario {
  return {
    database: 'embedded',
    async inflict(stage) {
      const random = createRandom(Date.now())
      await stage.startImports()
      let acknowledged = 0
      for (let file = 0; file < restarts; file++) {
        const upload = uploadRows(stage.hub.url, stage.ada, nameOf(file), rows)
        await pause(random.below(longestDelayMs))
        await restart(stage, file % 2 === 0 ? 'SIGKILL' : 'SIGTERM')
        if ((await upload).acknowledged) acknowledged += 1
        else await sendAgain(stage, file, rows)
      }
      await stage.settled()
      await checkRows(stage.ada, restarts, rows)
      return `${restarts} restarts (kill -9 and SIGTERM) during ${restarts} uploads of ${rows} rows, ${acknowledged} of them acknowledged before; all ${restarts * rows} values are there`
    },
  }
}

async function restart({ hub, prober }: Stage, signal: NodeJS.Signals): Promise<void> {
  await prober.pause()
  await hub.end(signal)
  await hub.start()
  prober.resume()
}

async function sendAgain(stage: Stage, file: number, rows: number): Promise<void> {
  const { acknowledged, response } = await uploadRows(stage.hub.url, stage.ada, nameOf(file), rows)
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
