import { setTimeout as pause } from 'node:timers/promises'
import type { Job } from '../../packages/engine/src/contract/engine.ts'
import { connectByHttp, createHttpUser, type HttpUser } from '../harness/http-user.ts'

export const admin = { email: 'ada@example.org', password: 'a long password' }
const other = { email: 'ben@example.org', password: 'a long password' }
const timeZone = 'Europe/Berlin'

/** Signs the admin in, and a second user whom the admin invites. */
export async function signUpUsers(url: string): Promise<{ ada: HttpUser; ben: HttpUser }> {
  const ada = createHttpUser({ url })
  await signIn(ada, admin)
  await ada.json('PATCH', '/api/account', { timeZone })
  const { link } = await ada.json<{ link: string }>('POST', '/api/admin/invitations', {})
  const ben = createHttpUser({ url })
  const account = { name: 'Ben', ...other, timeZone }
  const response = await ben.request('POST', new URL(link).pathname, new URLSearchParams(account))
  if (response.status >= 400) throw new Error(`Ben cannot sign up: ${response.status}`)
  return { ada, ben }
}

/** Signs both users in again, where their sessions have ended. */
export async function signInAgain({ ada, ben }: { ada: HttpUser; ben: HttpUser }): Promise<void> {
  await signIn(ada, admin)
  await signIn(ben, other)
}

const signIn = (user: HttpUser, credentials: object) =>
  user.json('POST', '/api/auth/sign-in/email', credentials)

/** Connects simulated sources, whose history begins to be imported. */
export async function connectSources(user: HttpUser, sources: string[], historyDays: number): Promise<void> {
  for (const source of sources) {
    const landed = await connectByHttp(user, source)
    if (!landed.includes('success')) throw new Error(`${source} cannot be connected: ${landed}`)
    await user.json('PATCH', `/api/plugins/${source}`, { historyDays })
  }
}

/** Requests the import of so many days before today, and waits a few seconds for its end. */
export async function importDays(user: HttpUser, source: string, days: number): Promise<void> {
  const startDate = Temporal.Now.plainDateISO(timeZone).subtract({ days }).toString()
  await user.json('POST', `/api/plugins/${source}/sync`, { startDate })
}

const finished = ['succeeded', 'partial', 'failed', 'cancelled']
const settleMs = 240_000

/** Resolves when a user has no open job. Throws where that takes over four minutes. */
export async function waitForJobs(user: HttpUser): Promise<void> {
  const deadline = performance.now() + settleMs
  for (;;) {
    const jobs = await readJobs(user)
    const open = jobs?.filter(({ status }) => !finished.includes(status))
    if (open?.length === 0) return
    if (performance.now() > deadline)
      throw new Error(`jobs are still open: ${open?.map(sayJob).join('; ') ?? 'they cannot be read'}`)
    await pause(500)
  }
}

/** `undefined` where the application does not answer at the moment. */
async function readJobs(user: HttpUser): Promise<Job[] | undefined> {
  try {
    return (await user.json<{ jobs: Job[] }>('GET', '/api/import-jobs')).jobs
  } catch {
    return undefined
  }
}

export function sayJob({ pluginId, trigger, status, reason, continuesAt }: Job): string {
  return `${pluginId} ${trigger} ${status} (${reason ?? 'no reason'}${continuesAt ? `, continues at ${continuesAt}` : ''})`
}
