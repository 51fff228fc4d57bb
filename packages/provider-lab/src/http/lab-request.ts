import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** A request as a simulated provider sees it: under its own paths, as if the lab were not there. */
export interface LabRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** The fields of a form that was posted; none for any other body. */
  form(): Promise<URLSearchParams>
}

export class BodyTooLarge extends Error {}

const LARGEST_FORM = 64 * 1024

export function labRequest(incoming: IncomingMessage, path: string, query: URLSearchParams): LabRequest {
  return {
    method: incoming.method ?? 'GET',
    path,
    query,
    headers: incoming.headers,
    form: () => readForm(incoming),
  }
}

async function readForm(incoming: IncomingMessage): Promise<URLSearchParams> {
  if (!incoming.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return new URLSearchParams()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_FORM) throw new BodyTooLarge()
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}
