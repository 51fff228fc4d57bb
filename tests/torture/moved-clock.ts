import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { PluginStatus, Schedule } from '../../packages/engine/src/contract/engine.ts'
import type { Scenario, Stage } from './scenario.ts'
import { signInAgain } from './users.ts'

const dayMs = 86_400_000
const preload = new URL('./shift-clock.ts', import.meta.url).href
const clockFile = (folder: string) => join(folder, 'clock')

/**
 * Sets the application's clock ahead while it runs, and right again. The clock of the database stays right, as that of a
 * database on another machine does.
 */
export function movedClock({ days, seconds }: { days: number; seconds: number }): Scenario {
  return {
    database: 'embedded',
    endsSessions: true,
    environment: (folder) => ({
      NODE_OPTIONS: `--import ${preload}`,
      TORTURE_CLOCK_FILE: clockFile(folder),
    }),
    async inflict(stage) {
      const setClock = async (ms: number) => {
        await writeFile(clockFile(stage.folder), String(ms))
        // The processes look every 100 ms.
        await pause(500)
        await signInAgain(stage)
      }
      await stage.startImports()
      await stage.settled()
      await setClock(days * dayMs)
      await syncAll(stage)
      const ahead = Temporal.Duration.from({
        milliseconds: Date.parse(await readNextImport(stage)) - Date.now(),
      })
      if (ahead.total('days') < days - 1) throw new Error('the clock of the application was not moved')
      await pause(seconds * 1000)
      await setClock(0)
      const began = performance.now()
      await syncAll(stage)
      await stage.settled()
      const next = await nextImport(stage)
      return `the clock ${days} days ahead for ${seconds} s and right again; imports by hand worked ${Math.round(performance.now() - began)} ms later, the next hourly import is at ${next}`
    },
  }
}

async function syncAll({ ada }: Stage): Promise<void> {
  const { plugins } = await ada.json<{ plugins: PluginStatus[] }>('GET', '/api/plugins')
  for (const { plugin } of plugins.filter(({ connected }) => connected))
    await ada.json('POST', `/api/plugins/${plugin.id}/sync`, {})
}

const readNextImport = async ({ ada }: Stage) =>
  (await ada.json<Schedule>('GET', '/api/admin/schedule')).nextAt

/** Waits until the next hourly import is due within an hour, as it must be within a minute, and returns its moment. */
async function nextImport(stage: Stage): Promise<string> {
  for (const deadline = performance.now() + 60_000; ; await pause(500)) {
    const nextAt = await readNextImport(stage)
    if (Date.parse(nextAt) - Date.now() <= 3_600_000) return nextAt
    if (performance.now() > deadline) throw new Error(`the next hourly import is only at ${nextAt}`)
  }
}
