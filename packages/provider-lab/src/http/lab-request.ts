import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** A request as a simulated provider sees it: under its own paths, as if the lab were not there. */
export interface LabRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** The body, whatever its type. Rejects with `BodyTooLarge` over 64 KiB. */
  text(): Promise<string>
  /** The fields of a form that was posted; none for any other body. */
  form(): Promise<URLSearchParams>
  /** What was posted as JSON; undefined for any other body and for one that cannot be read. */
  json(): Promise<unknown>
}

export class BodyTooLarge extends Error {}

const LARGEST_BODY = 64 * 1024

export function labRequest(incoming: IncomingMessage, path: string, query: URLSearchParams): LabRequest {
  let body: Promise<string> | undefined
  const text = () => (body ??= readBody(incoming))
  const textAs = async (type: string) => (incoming.headers['content-type']?.startsWith(type) ? text() : '')
  return {
    method: incoming.method ?? 'GET',
    path,
    query,
    headers: incoming.headers,
    text,
    form: async () => new URLSearchParams(await textAs('application/x-www-form-urlencoded')),
    async json() {
      try {
        return JSON.parse(await textAs('application/json')) as unknown
      } catch {
        return undefined
      }
    },
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY) throw new BodyTooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
