import { measureImport } from './import.ts'
import { measureReimport } from './reimport.ts'
import { measureRead } from './read.ts'
import { measureRemap } from './remap.ts'
import type { Figures } from './result.ts'
import { measureSchedule } from './schedule.ts'
import { measureSync } from './sync.ts'

/** By name, in the order in which they run. */
export const benchmarks = {
  import: measureImport,
  reimport: measureReimport,
  sync: measureSync,
  remap: measureRemap,
  read: measureRead,
  schedule: measureSchedule,
} satisfies Record<string, (databaseUrl: string) => Promise<Figures>>

export function isBenchmark(name: string): name is keyof typeof benchmarks {
  return Object.hasOwn(benchmarks, name)
}
