import { answer } from '#lib/server/answer.ts'
import { dispatch } from '#lib/server/dispatch.ts'

/** Every endpoint of the API; `packages/api` declares them. */
export const fallback = answer(dispatch)
