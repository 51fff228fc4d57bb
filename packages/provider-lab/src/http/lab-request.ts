import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** A request as a simulated provider sees it: under its own paths, as if the lab were not there. */
export interface LabRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** The fields of a form that was posted; none for any other body. */
  form(): Promise<URLSearchParams>
  /** What was posted as JSON; undefined for any other body and for one that cannot be read. */
  json(): Promise<unknown>
}

export class BodyTooLarge extends Error {}

const LARGEST_BODY = 64 * 1024

export function labRequest(incoming: IncomingMessage, path: string, query: URLSearchParams): LabRequest {
  return {
    method: incoming.method ?? 'GET',
    path,
    query,
    headers: incoming.headers,
    form: async () => new URLSearchParams(await readAs('application/x-www-form-urlencoded', incoming)),
    async json() {
      const text = await readAs('application/json', incoming)
      try {
        return JSON.parse(text) as unknown
      } catch {
        return undefined
      }
    },
  }
}

/** The body as text; empty unless it is of this type. */
async function readAs(type: string, incoming: IncomingMessage): Promise<string> {
  if (!incoming.headers['content-type']?.startsWith(type)) return ''
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY) throw new BodyTooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
