import { plugins } from '@tributary/plugins'
import type { DailyValue, FileQuestion, Job, SignedIn } from '../../packages/engine/src/contract/engine.ts'
import { Problem } from '../../packages/engine/src/domain/problem.ts'
import { createTestEngine, type TestEngine } from '../../packages/engine/src/testing/test-engine.ts'

/** How an upload ended: by its job, or by questions that a person has to answer first. */
export type Uploaded = { job: Job; questions: null } | { job: null; questions: FileQuestion[] }

interface Column {
  column: string
  day?: string
}

/** A user in the zone UTC who uploads tables. */
export interface CsvUser {
  tributary: TestEngine
  /** Uploads a file as it is guessed, or with a mapping, and imports it. */
  upload(content: Uint8Array, mapping?: object): Promise<Uploaded>
  /** The guessed mapping, with each column changed. */
  guess(content: Uint8Array, change?: (column: Column) => Column): Promise<object & { columns: Column[] }>
  /** The names of all fields. */
  fields(): Promise<string[]>
  unitOf(name: string): Promise<string | null>
  /** The daily values of a field by day, whether its name has a unit or not; days without a value are left out. */
  daily(name: string): Promise<Record<string, DailyValue>>
  /** The measurements of a field on a day: `[start, value]`. */
  measurements(name: string, date: string): Promise<[start: string, value: number][]>
}

/** Later than every date of the files. */
const now = '2026-12-10T12:00:00Z'
const range = { from: '2026-01-01', to: '2026-12-10' }

export async function createCsvUser(): Promise<CsvUser> {
  const tributary = await createTestEngine({ plugins, now })
  const { engine } = tributary
  const { user }: SignedIn = await tributary.addUser('ada@example.org')
  await engine.accounts.setTimeZone(user.id, 'UTC')
  tributary.startWorker()

  const readFields = async () => (await engine.plugins.get(user.id, 'csv')).plugin.fields
  async function metricOf(name: string): Promise<string> {
    const fields = await readFields()
    const found = fields.find((field) => field.name === name || field.name.startsWith(`${name} (`))
    if (!found)
      throw new Error(`There is no field ${name}, only ${fields.map((field) => field.name).join(', ')}.`)
    return `csv.${found.id}`
  }

  return {
    tributary,
    async upload(content, mapping) {
      try {
        const { id } = await engine.uploads.receive(user.id, 'csv', {
          fileName: 'table.csv',
          content: (async function* () {
            yield content
          })(),
          mapping: () => mapping && JSON.stringify(mapping),
        })
        await tributary.settled()
        return { job: await engine.jobs.get(user.id, id), questions: null }
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'mapping-unclear') throw error
        return { job: null, questions: (error.details as { questions: FileQuestion[] }).questions }
      }
    },
    async guess(content, change = (column) => column) {
      const { mapping } = await engine.uploads.guess(user.id, 'csv', content)
      const guessed = mapping as object & { columns: Column[] }
      return { ...guessed, columns: guessed.columns.map(change) }
    },
    fields: async () => (await readFields()).map(({ name }) => name),
    unitOf: async (name) => (await readFields()).find((field) => field.name === name)?.unit ?? null,
    async daily(name) {
      const metric = await metricOf(name)
      const { days } = await engine.metrics.daily(user.id, { ...range, metrics: [metric] })
      const values = days.map(({ date, values }) => [date, values[metric] ?? null] as const)
      return Object.fromEntries(values.filter(([, value]) => value !== null))
    },
    async measurements(name, date) {
      const { evidence } = await engine.metrics.explain(user.id, { metric: await metricOf(name), date })
      return (evidence?.measurements?.page ?? []).map(({ start, value }) => [
        Temporal.Instant.from(start).toString(),
        value,
      ])
    },
  }
}
