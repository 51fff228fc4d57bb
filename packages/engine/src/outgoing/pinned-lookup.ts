import { lookup as lookUp } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { ImportError } from '@tributary/plugin-sdk'
import { isPublicAddress } from './guard-address.ts'

/** Finds the addresses of a host's name. */
export type Resolve = (host: string) => Promise<{ address: string; family: number }[]>

export const resolveHost: Resolve = (host) => lookUp(host, { all: true })

/**
 * A lookup for connections to the public internet alone: it asks once, checks every address of the answer, and connects to
 * those, so that a name which answers differently a moment later turns nothing.
 */
export function pinnedLookup(resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (found) => {
        const [first] = found
        if (!first || !found.every(({ address }) => isPublicAddress(address))) {
          callback(
            new ImportError('unavailable', `${host} leads into a private network here, so it is not asked.`),
            '',
          )
        } else if (options.all) callback(null, found)
        else callback(null, first.address, first.family)
      },
      (error: Error) => callback(error, ''),
    )
  }
}
