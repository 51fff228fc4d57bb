import pg from 'pg'
import { Problem } from '../domain/problem.ts'

/** Of an error of the database, the sentence for whoever sent a text that it cannot hold; any other error as it is. */
export function refuseBrokenText(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError) || !isBrokenText(error)) return error
  return new Problem(
    422,
    'broken-text',
    'A text holds what is no character, such as a zero byte. Take it out and try again.',
    { cause: error },
  )
}

/** A zero byte in a text or in JSON, or half of a character in JSON. */
function isBrokenText({ code = '', routine = '' }: pg.DatabaseError): boolean {
  return code === '22021' || code === '22P05' || (code === '22P02' && routine.startsWith('json_'))
}
