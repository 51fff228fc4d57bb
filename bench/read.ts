import pg from 'pg'
import { round } from './import.ts'
import { median, p99 } from './median.ts'
import { settle } from './settle.ts'
import { startWeb, type Web } from './web.ts'

const warmUp = 30
const times = 500
/** Less than a year of twenty values can take. */
const leastBytes = 365 * 20 * 15

/** A year of twenty metrics by HTTP from the web server, as pages and tools ask for it; the memory is the server's. */
export async function measureRead(databaseUrl: string) {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await settle(client)
  await client.end()
  const web = await startWeb(databaseUrl)
  const { took, bytes } = await askOften(web).catch(async (error: unknown) => {
    await web.stop()
    throw error
  })
  const peakMemoryMb = await web.stop()
  return { p99Ms: round(p99(took)), medianMs: round(median(took)), bytes, peakMemoryMb }
}

async function askOften(web: Web): Promise<{ took: number[]; bytes: number }> {
  const took: number[] = []
  let bytes = 0
  for (let time = 0; time < warmUp + times; time++) {
    const began = performance.now()
    bytes = await web.askYear()
    if (time >= warmUp) took.push(performance.now() - began)
  }
  if (bytes < leastBytes) throw new Error(`A year of twenty metrics had ${bytes} bytes`)
  return { took, bytes }
}
