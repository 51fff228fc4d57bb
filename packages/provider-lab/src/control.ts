import type { ChangePlan } from './changes/change-plan.ts'
import type { Change } from './changes/change.ts'
import type { Fault, FaultPlan } from './faults/fault.ts'
import { asObject } from './http/as-object.ts'
import { empty, json } from './http/answer.ts'
import type { Answer } from './http/answer.ts'
import { isDate } from './person/local-day.ts'

/**
 * Faults and changes over HTTP: `POST /lab/faults` adds one, `POST /lab/changes` too, `DELETE` takes all of them away.
 *
 * A body is JSON of the form that `Fault` or `Change` has, a fault's `path` and `body` being the texts of regular expressions.
 */
export function control(
  plan: 'faults' | 'changes',
  method: string,
  body: unknown,
  { faults, changes }: { faults: FaultPlan; changes: ChangePlan },
): Answer {
  if (method === 'DELETE') {
    if (plan === 'faults') faults.clear()
    else changes.clear()
    return empty(204)
  }
  if (method !== 'POST')
    return json(405, { error: 'Only POST and DELETE are supported here.' }, { allow: 'POST, DELETE' })
  try {
    if (plan === 'faults') faults.add(readFault(body))
    else changes.add(readChange(body))
    return empty(204)
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError)
      return json(400, { error: error.message })
    throw error
  }
}

function readFault(body: unknown): Fault {
  const { source, path, body: pattern, respond } = asObject(body) ?? {}
  if (typeof source !== 'string' || typeof path !== 'string' || respond === undefined)
    throw new RangeError('A fault is JSON with at least "source", "path" and "respond".')
  const patterns = typeof pattern === 'string' ? { body: new RegExp(pattern) } : {}
  return { ...(body as Fault), path: new RegExp(path), ...patterns }
}

function readChange(body: unknown): Change {
  const change = asObject(body) ?? {}
  if (typeof change.date !== 'string' || !('late' in change || 'at' in change))
    throw new RangeError('A change is JSON with at least "date" and either "late" or "at".')
  if (!isDate(change.date)) throw new RangeError(`"date" must be a date, not "${change.date}".`)
  return body as Change
}
