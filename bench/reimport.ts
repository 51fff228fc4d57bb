import { openDatabase } from '../packages/engine/src/database/database.ts'
import { copyMonth, encodeMonth } from './copy-limit.ts'
import { checkpoint, round } from './import.ts'
import { beginJob, importMonth, rowsPerRun } from './import-rows.ts'
import { median } from './median.ts'

const runs = 3
/** Months that the other benchmark does not use. */
const first = 10

/** A million mapped measurements that are stored already: nothing is written; the limit is COPY of the same rows. */
export async function measureReimport(databaseUrl: string) {
  const database = openDatabase({ url: databaseUrl })
  const seconds: number[] = []
  const limits: number[] = []
  let rowsWritten = 0
  try {
    await importMonth(database, await beginJob(database), first)
    for (let run = 0; run < runs; run++) {
      limits.push(await copyMonth(databaseUrl, encodeMonth(first + run, 1)))
      await checkpoint(databaseUrl)
      const job = await beginJob(database)
      const began = performance.now()
      rowsWritten += await importMonth(database, job, first)
      seconds.push((performance.now() - began) / 1000)
    }
  } finally {
    await database.close()
  }
  return {
    ratio: round(median(limits) / median(seconds)),
    rowsWritten,
    rowsPerSecond: Math.round(rowsPerRun / median(seconds)),
    limitRowsPerSecond: Math.round(rowsPerRun / median(limits)),
  }
}
