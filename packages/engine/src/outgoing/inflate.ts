import type { IncomingMessage } from 'node:http'
import { pipeline, type Readable, type Transform } from 'node:stream'
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib'
import { ImportError } from '@tributary/plugin-sdk'

/** The largest window that zstd may ask for in HTTP (RFC 9659): 8 MiB. */
const zstdWindowLog = 23

const inflaters: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: zstdWindowLog } }),
}

/** The body of an answer as it was before it was packed; one coding alone is taken. */
export function inflate(message: IncomingMessage, source: string): Readable {
  const coding = (message.headers['content-encoding'] ?? '').trim().toLowerCase()
  if (coding === '' || coding === 'identity') return message
  const create = Object.hasOwn(inflaters, coding) ? inflaters[coding] : undefined
  if (!create) {
    message.destroy()
    throw new ImportError('unavailable', `${source} packed its answer in a way that nobody asked for.`)
  }
  return pipeline(message, create(), () => {})
}
