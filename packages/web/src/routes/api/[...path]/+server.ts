import { answer } from '#lib/server/answer.ts'
import { problem } from '#lib/server/problem.ts'

export const fallback = answer(async () => {
  throw problem(404, 'not-found', 'There is nothing at this address.')
})
