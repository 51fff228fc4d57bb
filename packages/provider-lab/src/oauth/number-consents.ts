import type { IncomingMessage } from 'node:http'
import type { IssuedLog } from '../issued-log.ts'
import { readAccessToken } from './tokens.ts'

/** Tells the consents to a source apart: 0 for the first since start. */
export interface NumberedConsents {
  /** Takes note of every consent by the tokens that are issued for it. */
  readonly issued: IssuedLog
  /** That of the request's bearer token; undefined without one. */
  of(request: IncomingMessage): number | undefined
}

export function numberConsents(key: Buffer, issued: IssuedLog): NumberedConsents {
  const numbers = new Map<string, number>()
  return {
    issued: {
      add(kind, value, at) {
        issued.add(kind, value, at)
        const grant = kind === 'access_token' ? readAccessToken(key, value)?.grant : undefined
        if (grant !== undefined && !numbers.has(grant)) numbers.set(grant, numbers.size)
      },
      all: () => issued.all(),
    },
    of({ headers }) {
      const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
      return numbers.get(readAccessToken(key, token ?? '')?.grant ?? '')
    },
  }
}
