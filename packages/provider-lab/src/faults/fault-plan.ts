import { seededRandom } from '../person/random.ts'
import type { Random } from '../person/random.ts'
import type { Fault, FaultPlan, FaultResponse } from './fault.ts'

/** A request as far as a fault looks at it. */
export interface Befallen {
  readonly source: string
  readonly path: string
  readonly body: string
  readonly at: Temporal.Instant
  readonly consent: number | undefined
}

export interface FaultQueue extends FaultPlan {
  take(request: Befallen): FaultResponse | undefined
}

interface Planned {
  readonly fault: Fault
  readonly random: Random
  readonly from: number
  readonly until: number
  left: number
}

export function createFaultQueue(): FaultQueue {
  let planned: Planned[] = []
  return {
    add(fault) {
      const { from, until, probability, seed = 'tributary', source, path } = fault
      const lasts = from !== undefined || until !== undefined || probability !== undefined
      planned.push({
        fault,
        random: seededRandom(seed, source, path.source),
        from: from === undefined ? -Infinity : Temporal.Instant.from(from).epochMilliseconds,
        until: until === undefined ? Infinity : Temporal.Instant.from(until).epochMilliseconds,
        left: fault.times ?? (lasts ? Infinity : 1),
      })
    },
    clear() {
      planned = []
    },
    take(request) {
      const found = planned.find((candidate) => befalls(candidate, request))
      if (!found) return undefined
      found.left -= 1
      if (found.left <= 0) planned = planned.filter((entry) => entry !== found)
      return found.fault.respond
    },
  }
}

function befalls({ fault, random, from, until }: Planned, request: Befallen): boolean {
  const { source, path, body, at, consent } = request
  const now = at.epochMilliseconds
  return (
    fault.source === source &&
    path.search(fault.path) >= 0 &&
    (fault.body === undefined || body.search(fault.body) >= 0) &&
    now >= from &&
    now < until &&
    (fault.consent === undefined || fault.consent === consent) &&
    (fault.probability === undefined || random.chance(fault.probability))
  )
}
