import { expect, it } from 'vitest'
import { isProblem, problem, problemResponse, tellable } from './problem.ts'

it('is answered as problem+json with the id of the request', async () => {
  const response = problemResponse(problem(404, 'unknown-plugin', 'There is no such source.'), 'r-1')
  expect(response.status).toBe(404)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    code: 'unknown-plugin',
    detail: 'There is no such source.',
    requestId: 'r-1',
  })
})

it("is recognised by its name, whichever copy of the engine's class made it", () => {
  class Problem extends Error {
    override name = 'Problem'
    status = 409
    code = 'busy'
  }
  expect(isProblem(new Problem('Wait.'))).toBe(true)
  expect(isProblem(new Error('Wait.'))).toBe(false)
})

it('says nothing of an error that nobody expected', () => {
  Object.assign(globalThis, { [Symbol.for('tributary.engine')]: { problemOf: () => undefined } })
  const told = tellable(new Error('password=hunter2'))
  expect(told).toMatchObject({ status: 500, code: 'internal', expected: false })
  expect(told.message).not.toContain('hunter2')
})
