import type { Job, SignedIn } from '@tributary/engine'
import { consent, type TestEngine } from '@tributary/engine/testing'
import {
  type ImportOutcome,
  isFile,
  type Simulated,
  type SimulatedFile,
  type SimulatedService,
  type TestUser,
} from '@tributary/plugin-sdk/testing'

interface UserOptions {
  tributary: TestEngine
  signedIn: SignedIn
  /** The plugin. */
  id: string
  source: Simulated
  /** Lets jobs run until none is due. */
  work(): Promise<void>
  /** What interferences make of a file's text. */
  edit(text: string): string
}

export function createTestUser(options: UserOptions): TestUser {
  const { tributary, signedIn, id, source } = options
  const { engine, database, clock } = tributary
  const userId = signedIn.user.id
  const jobs = () => engine.jobs.list(userId)
  let last = ''

  async function importDays(days?: { from: string; to: string }): Promise<ImportOutcome> {
    const range = days ? { startDate: days.from, endDate: days.to } : {}
    const job = await finish(options, () => engine.plugins.sync(userId, id, range))
    last = job.id
    return outcomeOf([job])
  }

  return {
    async connect(from) {
      if (isFile(source)) return upload(options, source)
      const before = new Set((await jobs()).map((job) => job.id))
      await authorize(options, source)
      await engine.plugins.change(userId, id, { historyFrom: from })
      await options.work()
      return outcomeOf((await jobs()).filter((job) => !before.has(job.id)))
    },
    import: (days) => (isFile(source) ? upload(options, source) : importDays(days)),
    lastImport: async () => outcomeOf([await engine.jobs.get(userId, last)]),
    async values(fields, days) {
      const metrics = fields.map((field) => `${id}.${field}`)
      const daily = await engine.metrics.daily(userId, { ...days, metrics })
      return daily.days.map(({ date, values }) => ({
        date,
        values: Object.fromEntries(fields.map((field, at) => [field, values[metrics[at] ?? ''] ?? null])),
      }))
    },
    async connection() {
      const { connected, state } = await engine.plugins.get(userId, id)
      return { connected, state }
    },
    async expireToken() {
      const [token] = await database.query<{ ends: string | null }>(
        `select to_char(max(access_expires_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as ends
         from tributary.user_integrations where user_id = $1`,
        [userId],
      )
      if (token?.ends && Temporal.Instant.compare(token.ends, clock.now()) > 0) clock.set(token.ends)
      clock.add({ seconds: 1 })
    },
    async leave() {
      await database.query('delete from tributary.users where id = $1', [userId])
    },
  }
}

async function authorize({ tributary, signedIn, id }: UserOptions, service: SimulatedService): Promise<void> {
  const { plugins } = tributary.engine
  if ('key' in service.credentials) {
    await plugins.setKey(signedIn, id, service.credentials.key)
    return
  }
  const address = await plugins.startAuthorization(signedIn, id)
  const callback = await (service.consent?.(address) ?? consent(address))
  await plugins.finishAuthorization(signedIn, id, callback)
}

async function upload(options: UserOptions, source: SimulatedFile): Promise<ImportOutcome> {
  const { tributary, signedIn, id, edit } = options
  const { fileName, content, mapping } = source.file()
  const job = await finish(options, () =>
    tributary.engine.uploads.receive(signedIn.user.id, id, {
      fileName,
      content: inOnePiece(edit(content)),
      mapping: () => (mapping === undefined ? undefined : JSON.stringify(mapping)),
    }),
  )
  return outcomeOf([job])
}

/** Requests a job while a worker is there, and returns it as it is when no job is due. */
async function finish({ tributary, signedIn }: UserOptions, request: () => Promise<Job>): Promise<Job> {
  const worker = tributary.startWorker()
  try {
    const { id } = await request()
    await tributary.settled()
    return await tributary.engine.jobs.get(signedIn.user.id, id)
  } finally {
    await worker.stop()
  }
}

async function* inOnePiece(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text)
}

/** Several jobs as one: the first one that did not succeed, with the counts of all. */
function outcomeOf(jobs: Job[]): ImportOutcome {
  const shown = jobs.find(({ status }) => status !== 'succeeded') ?? jobs[0]
  if (!shown) throw new Error('No import was requested.')
  const sum = (name: 'new' | 'changed' | 'unchanged' | 'removed' | 'rejected') =>
    jobs.reduce((total, { counts }) => total + counts[name], 0)
  return {
    status: shown.status,
    reason: shown.reason,
    counts: {
      new: sum('new'),
      changed: sum('changed'),
      unchanged: sum('unchanged'),
      removed: sum('removed'),
      rejected: sum('rejected'),
    },
    continuesAt: shown.continuesAt === null ? null : Temporal.Instant.from(shown.continuesAt),
  }
}
