import { plugins } from '@tributary/plugins'
import type { DailyValue, Job, PluginStatus, SignedIn } from '../../packages/engine/src/contract/engine.ts'
import { createTestEngine, type TestEngine } from '../../packages/engine/src/testing/test-engine.ts'

/** What a service answers to some requests, in place of its data. */
export interface ServiceFault {
  /** A regular expression. */
  path: string
  /** Only requests whose body contains it. */
  whenBodyNames?: string
  /** A number, or words for every time. */
  times: number | string
  respond: { status: number; headers?: Record<string, string>; body?: unknown }
}

export interface FaultyCase {
  source: string
  /** All of the source where they are left out. */
  streams?: string[]
  days?: [from: string, to: string]
  fault: ServiceFault
}

/** A connection whose imports can meet a fault, beside that of a user who imported the same days before. */
export interface FaultyService {
  tributary: TestEngine
  userId: string
  from: string
  to: string
  /** From now on requests meet the fault. */
  begin(change?: Partial<ServiceFault['respond']>): void
  end(): void
  connect(): Promise<void>
  /** Imports the days; the job is as it is when nothing is due any more. */
  sync(): Promise<Job>
  /** Lets the clock reach the job's next attempt. */
  tryAgain(job: Job): Promise<Job>
  /** Lets the clock reach the job's next attempts until it has ended, or until it was tried for a day. */
  finish(job: Job): Promise<Job>
  status(): Promise<PluginStatus>
  /** Values by field, in the order of the days. */
  values(fields: string[]): Promise<Record<string, DailyValue[]>>
  /** The same as the user has them whose import met no fault. */
  trueValues(fields: string[]): Promise<Record<string, DailyValue[]>>
}

export async function createFaultyService({
  source,
  streams,
  days,
  fault,
}: FaultyCase): Promise<FaultyService> {
  const [from, to] = days ?? ['2026-11-10', '2026-11-14']
  const tributary = await createTestEngine({ plugins })
  const { engine, lab, clock } = tributary
  const ada = await tributary.addUser('ada@example.org')
  const ben = await tributary.addUser('ben@example.org')

  async function connect(user: SignedIn): Promise<void> {
    const key = lab.lab.apiKey(source)
    if (key) await engine.plugins.setKey(user, source, key)
    else await tributary.connect(user, source)
    // Switched off, it loses the import that connecting requests, which would meet the fault in place of the days' own.
    await engine.plugins.change(user.user.id, source, { enabled: false })
    const settings = { enabled: true, historyFrom: from, ...(streams ? { streams } : {}) }
    await engine.plugins.change(user.user.id, source, settings)
  }
  const sync = (user: SignedIn) => tributary.sync(user, source, { startDate: from, endDate: to })

  async function tryAgain({ id, continuesAt }: Job): Promise<Job> {
    if (continuesAt === null) throw new Error('The job has ended.')
    clock.set(continuesAt)
    await tributary.settled()
    return engine.jobs.get(ada.user.id, id)
  }

  async function read(user: SignedIn, fields: string[]): Promise<Record<string, DailyValue[]>> {
    const metrics = fields.map((field) => `${source}.${field}`)
    const { days } = await engine.metrics.daily(user.user.id, { from, to, metrics })
    return Object.fromEntries(
      fields.map((field) => [field, days.map(({ values }) => values[`${source}.${field}`] ?? null)]),
    )
  }

  const worker = tributary.startWorker()
  await connect(ben)
  await sync(ben)
  await worker.stop()

  return {
    tributary,
    userId: ada.user.id,
    from,
    to,
    begin(change = {}) {
      const { path, whenBodyNames, times, respond } = fault
      lab.lab.faults.add({
        source,
        path: new RegExp(path),
        ...(whenBodyNames ? { body: new RegExp(RegExp.escape(whenBodyNames)) } : {}),
        times: typeof times === 'number' ? times : Infinity,
        respond: { ...respond, ...change },
      })
    },
    end: () => lab.lab.faults.clear(),
    connect: () => connect(ada),
    sync: () => {
      tributary.startWorker()
      return sync(ada)
    },
    tryAgain,
    async finish(job) {
      const latest = clock.now().add({ hours: 24 }).toString()
      let last = job
      while (last.continuesAt !== null && last.continuesAt < latest) last = await tryAgain(last)
      return last
    },
    status: () => engine.plugins.get(ada.user.id, source),
    values: (fields) => read(ada, fields),
    trueValues: (fields) => read(ben, fields),
  }
}
