import { expect, it } from 'vitest'
import { z } from 'zod'
const daySchema = z
  .string()
  .refine((text) => text !== '2026-02-30', 'must be a day that exists, such as 2026-11-21')
import { readBody, readQuery } from './read-input.ts'

const schema = z.strictObject({ startDate: daySchema.optional() }, 'The body must be a JSON object')
const read = (body: string) => readBody(new Request('http://x/', { method: 'POST', body }), schema)
const refusal = (detail: string) =>
  expect.objectContaining({ status: 400, code: 'invalid-input', message: detail })

it('takes no body for an empty one', async () => {
  expect(await read('')).toEqual({})
  expect(await read('{"startDate":"2026-11-01"}')).toEqual({ startDate: '2026-11-01' })
})

it.each([
  ['{', 'The body is not JSON. Send a JSON object.'],
  ['[]', 'The body must be a JSON object.'],
  ['{"x":1}', 'Unknown: x. Leave it out.'],
  ['{"startDate":"2026-02-30"}', '"startDate": must be a day that exists, such as 2026-11-21.'],
])('refuses %s with a sentence', async (body, detail) => {
  await expect(read(body)).rejects.toEqual(refusal(detail))
})

it('refuses a query parameter that is unknown or given twice', () => {
  expect(() => readQuery(new URL('http://x/?y=1'), schema)).toThrow('Unknown: y. Leave it out.')
  expect(() => readQuery(new URL('http://x/?startDate=2026-11-01&startDate=2026-11-02'), schema)).toThrow(
    'given twice',
  )
})
