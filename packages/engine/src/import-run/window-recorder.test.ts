import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { recordRequests, WindowRecorder } from './window-recorder.ts'

/** A request as the client reports it. */
async function request(response: object, text: string) {
  recordRequests.traffic?.(1, 0)
  await turn()
  recordRequests.traffic?.(0, text.length)
  recordRequests.received?.(response, Buffer.from(text), 'GET /days')
  return response
}

test('each of two windows that are fetched at once records its own requests', async () => {
  const [one, two] = [new WindowRecorder(), new WindowRecorder()]
  const [first, second] = await Promise.all([
    one.record(() => request({ day: 1 }, '{ "day": 1 }')),
    two.record(async () => {
      await request({ day: 2 }, '{ "day": 2 }')
      return request({ day: 33 }, '{ "day": 33 }')
    }),
  ])
  expect([one.requests, one.bytes]).toEqual([1, 12])
  expect([two.requests, two.bytes]).toEqual([2, 25])
  expect(one.rawOf(first)).toEqual({ raw: Buffer.from('{ "day": 1 }'), request: 'GET /days' })
  expect(two.rawOf(second).raw.toString()).toBe('{ "day": 33 }')
  expect(two.rawOf(first).raw.toString()).toBe('{"day":1}')
})

test('a request of no window is recorded nowhere', async () => {
  const recorder = new WindowRecorder()
  await request({ day: 1 }, '{ "day": 1 }')
  expect([recorder.requests, recorder.bytes]).toEqual([0, 0])
})

test('a page that the plugin made itself is stored as JSON, and nothing as null', () => {
  const recorder = new WindowRecorder()
  expect(recorder.rawOf([1, 2]).raw.toString()).toBe('[1,2]')
  expect(recorder.rawOf(undefined).raw.toString()).toBe('null')
})
