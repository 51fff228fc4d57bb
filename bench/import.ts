import pg from 'pg'
import { openDatabase } from '../packages/engine/src/database/database.ts'
import { copyMonth, encodeMonth } from './copy-limit.ts'
import { beginJob, importMonth, rowsPerRun } from './import-rows.ts'
import { median } from './median.ts'

const runs = 3

/** A million mapped measurements to committed rows, into an empty range; the limit is COPY of the same rows. */
export async function measureImport(databaseUrl: string) {
  const database = openDatabase({ url: databaseUrl })
  const seconds: number[] = []
  const limits: number[] = []
  try {
    for (let run = 0; run < runs; run++) {
      limits.push(await copyMonth(databaseUrl, encodeMonth(run, 1)))
      await checkpoint(databaseUrl)
      const job = await beginJob(database)
      const began = performance.now()
      await importMonth(database, job, run)
      seconds.push((performance.now() - began) / 1000)
    }
  } finally {
    await database.close()
  }
  return {
    ratio: round(median(limits) / median(seconds)),
    rowsPerSecond: Math.round(rowsPerRun / median(seconds)),
    limitRowsPerSecond: Math.round(rowsPerRun / median(limits)),
  }
}

export async function checkpoint(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query('checkpoint')
  await client.end()
}

export function round(figure: number): number {
  return Math.round(figure * 100) / 100
}
