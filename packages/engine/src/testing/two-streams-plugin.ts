import { definePlugin, ImportError, type MappedRecord } from '@tributary/plugin-sdk'
import { examplePlugin } from './example-plugin.ts'

/** What a source of two streams says while a test lasts. */
export interface TwoStreams {
  /** The requests that it got: `STREAM FROM TO`. */
  asked: string[]
  /** Throws what the source refuses. */
  before: (stream: string, from: string, to: string) => void | Promise<void>
  /** What its mapping makes of a day. */
  records: (stream: string, day: string) => MappedRecord[]
}

export function twoStreams(): TwoStreams {
  return {
    asked: [],
    before: () => {},
    records: (stream, day) => [{ date: day, fields: { [stream]: 1 } }],
  }
}

/** A source with the streams `one` and `two`, of five days a request and a field each; serve it as the example service. */
export function twoStreamsPlugin(says: TwoStreams, scopes: Record<string, string[]> = {}) {
  const { plugin } = examplePlugin('example')
  const field = (id: string) => ({ name: id, type: 'number', unit: '{score}' }) as const
  const stream = (id: string) => ({
    name: id,
    fields: [id],
    maxDaysPerRequest: 5,
    ...(scopes[id] ? { scopes: scopes[id] } : {}),
    answers: 'window' as const,
    async *fetchData({ from, to }: { from: string; to: string }) {
      says.asked.push(`${id} ${from} ${to}`)
      if (says.asked.length > 1000) throw new ImportError('retired', 'It was asked without an end.')
      await says.before(id, from, to)
      yield { from, to }
    },
    *mapData(pages: { from: string; to: string }[]) {
      for (const { from, to } of pages)
        for (let day = Temporal.PlainDate.from(from); day.toString() <= to; day = day.add({ days: 1 }))
          yield* says.records(id, day.toString())
    },
  })
  return definePlugin({
    ...plugin,
    fields: { one: field('one'), two: field('two') },
    streams: { one: stream('one'), two: stream('two') },
  })
}
