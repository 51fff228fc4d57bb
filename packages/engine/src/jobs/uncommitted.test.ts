import { ImportError } from '@tributary/plugin-sdk'
import { definePlugin } from '@tributary/plugin-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedIn } from '../contract/engine.ts'
import { examplePlugin } from '../testing/example-plugin.ts'
import { createTestEngine, type TestEngine } from '../testing/test-engine.ts'

/** What the source says: of each stream every day this value, or what it throws. */
interface Says {
  value: number
  /** It says nothing of days before this one. */
  from: string
  refuse: (stream: string, times: number, from: string) => boolean
}

let tributary: TestEngine
let ada: SignedIn
let says: Says
let asked: string[]

function source() {
  const { plugin } = examplePlugin('example')
  const stream = (id: string, maxDaysPerRequest: number) => ({
    name: id,
    fields: [id],
    maxDaysPerRequest,
    answers: 'window' as const,
    // Declares that a page without records may be an answer.
    schema: {
      '~standard': { version: 1 as const, vendor: 'tests', validate: (value: unknown) => ({ value }) },
    },
    async *fetchData({ from, to }: { from: string; to: string }) {
      asked.push(`${id} ${from} ${to}`)
      const times = asked.filter((one) => one.startsWith(id)).length
      if (says.refuse(id, times, from))
        throw new ImportError('unavailable', 'Example could not answer (500).')
      yield { value: says.value, from: says.from }
    },
    *mapData(pages: Says[], { from, to }: { from: string; to: string }) {
      for (const { value, from: first } of pages)
        for (let day = Temporal.PlainDate.from(from); day.toString() <= to; day = day.add({ days: 1 }))
          if (day.toString() >= first) yield { date: day.toString(), fields: { [id]: value } }
    },
  })
  const score = { name: 'Score', type: 'number', unit: '{score}' } as const
  return definePlugin({
    ...plugin,
    fields: { one: score, two: score },
    streams: { one: stream('one', 30), two: stream('two', 3) },
  })
}

beforeEach(async () => {
  asked = []
  says = { value: 1, from: '0000-01-01', refuse: () => false }
  // Half past eleven in the evening of the 20th, where Ada is.
  tributary = await createTestEngine({
    plugins: [source()],
    aliases: { example: 'example-service' },
    now: '2026-11-20T22:30:00Z',
  })
  ada = await tributary.addUser('ada@example.org')
  tributary.startWorker()
  await tributary.connect(ada, 'example')
  await tributary.engine.plugins.change(ada.user.id, 'example', { historyPaused: true })
  await tributary.settled()
})

afterEach(() => tributary.close())

const sync = async () => {
  const { id } = await tributary.engine.plugins.sync(ada.user.id, 'example', {})
  await tributary.settled()
  return tributary.engine.jobs.get(ada.user.id, id)
}

async function value(day: string, field = 'one') {
  const range = { from: day, to: day, metrics: [`example.${field}`] }
  const { days } = await tributary.engine.metrics.daily(ada.user.id, range)
  return days[0]?.values[`example.${field}`] ?? null
}

test('a loss that no second answer confirmed is asked about again, though its day has left the look-back since', async () => {
  tributary.clock.add({ minutes: 10 })
  const before = asked.filter((one) => one.startsWith('one')).length
  Object.assign(says, {
    from: '2026-11-19',
    refuse: (id: string, times: number) => id === 'one' && times > before + 1,
  })
  const job = await sync()
  expect(job.status).toBe('retrying')
  for (let attempt = 0; attempt < 4; attempt++) {
    tributary.clock.add({ minutes: 31 })
    await tributary.settled()
  }
  expect(await tributary.engine.jobs.get(ada.user.id, job.id)).toMatchObject({ status: 'partial' })
  expect(await value('2026-11-14')).toBe(1)

  says.refuse = () => false
  expect(await sync()).toMatchObject({ status: 'succeeded' })
  expect(await value('2026-11-14')).toBeNull()
  const requests = asked.length
  await sync()
  // The day that has become empty is requested once more.
  expect(asked.slice(requests)[0]).toBe('one 2026-11-14 2026-11-21')
  const later = asked.length
  await sync()
  expect(asked.slice(later)).toEqual([
    'one 2026-11-15 2026-11-21',
    'two 2026-11-19 2026-11-21',
    'two 2026-11-16 2026-11-18',
    'two 2026-11-15 2026-11-15',
  ])
})

test('who asks again while a job waits for another attempt gets what the source says now, of all of it', async () => {
  says.refuse = (id) => id === 'two'
  const { id } = await sync()
  expect(await tributary.engine.jobs.get(ada.user.id, id)).toMatchObject({ status: 'retrying' })
  tributary.clock.add({ seconds: 1 })
  Object.assign(says, { value: 2, refuse: () => false })
  const job = await sync()
  expect(job).toMatchObject({ id, status: 'succeeded' })
  expect([await value('2026-11-20'), await value('2026-11-20', 'two')]).toEqual([2, 2])
})

test('a job says all days that it asked for, though its last attempt asked for a part of them', async () => {
  tributary.clock.add({ hours: 24 })
  let refused = false
  says.refuse = (id, _, from) => id === 'two' && from === '2026-11-15' && !refused && (refused = true)
  const job = await sync()
  expect(job).toMatchObject({ status: 'retrying', from: '2026-11-15', to: '2026-11-21' })
  const requests = asked.length
  tributary.clock.add({ seconds: 11 })
  await tributary.settled()
  expect(asked.slice(requests)).toEqual(['two 2026-11-15 2026-11-15'])
  const { status, from, to } = await tributary.engine.jobs.get(ada.user.id, job.id)
  expect({ status, from, to }).toEqual({ status: 'succeeded', from: '2026-11-15', to: '2026-11-21' })
})
