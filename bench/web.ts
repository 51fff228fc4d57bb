import { join } from 'node:path'
import { hashPassword } from 'better-auth/crypto'
import pg from 'pg'
import { freePort } from '../tests/harness/start-app.ts'
import { askOverSocket } from './ask-over-socket.ts'
import { keys } from './open-engine.ts'
import { startProcess } from './start-process.ts'
import { owner, ownerEmail, storedMetrics, storedYear } from './stored.ts'

const password = 'benchmark-of-a-year'

/** The web server as a user starts it, and Ada, who is signed in and keeps one connection to it. */
export interface Web {
  /** Asks for a year of twenty metrics, and gives the answer's size in bytes. */
  askYear(): Promise<number>
  /** Ends it, and gives the most memory that the server held, in MB. */
  stop(): Promise<number>
}

export async function startWeb(databaseUrl: string): Promise<Web> {
  await givePassword(databaseUrl)
  const port = await freePort()
  const server = startProcess(join(import.meta.dirname, '../packages/cli/src/main.ts'), ['web'], {
    DATABASE_URL: databaseUrl,
    PORT: String(port),
    TRIBUTARY_KEYS: keys,
    TRIBUTARY_LOG_LEVEL: 'warn',
  })
  await server.firstLine()
  const url = `http://localhost:${port}`
  const cookie = await signIn(url)
  const year = new URLSearchParams({ ...storedYear, metrics: storedMetrics.join(',') })
  const asker = await askOverSocket(new URL(`${url}/api/metrics/daily?${year}`), { cookie })
  return {
    askYear: () => asker.ask(),
    stop() {
      asker.close()
      return server.stop()
    },
  }
}

async function givePassword(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(
    `insert into tributary.sign_in_methods (user_id, account_id, provider_id, password)
     values ($1::uuid, $1::uuid::text, 'credential', $2) on conflict do nothing`,
    [owner, await hashPassword(password)],
  )
  await client.end()
}

async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email: ownerEmail, password }),
  })
  if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`)
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}
