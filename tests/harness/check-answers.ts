import { type ServerResponse as Response, ServerResponse } from 'node:http'
import { describeMismatch } from './describe-mismatch.ts'

/** Longer responses are not checked: tests of them measure memory. */
const mostBytes = 2 ** 20

const bodies = new WeakMap<Response, Buffer[]>()

function collect(response: Response, chunk: unknown): Buffer[] {
  const body = bodies.get(response) ?? []
  bodies.set(response, body)
  if (typeof chunk === 'string' || chunk instanceof Uint8Array) body.push(Buffer.from(chunk as Uint8Array))
  return body
}

function check(response: Response, body: Buffer[]): void {
  const { method = '', url = '' } = response.req
  const type = String(response.getHeader('content-type'))
  const [path = ''] = url.split('?')
  if (!path.startsWith('/api/') || !/^application\/(problem\+)?json/.test(type) || method === 'HEAD') return
  const text = Buffer.concat(body)
  if (text.length === 0 || text.length > mostBytes) return
  const mismatch = describeMismatch({ method, path, status: response.statusCode, body: text.toString() })
  if (mismatch !== undefined)
    process.stderr.write(`the response to ${method} ${path} is not as declared: ${mismatch}\n`)
}

// Imported for what it does, by the app as tests start it: whatever the API sends is compared with its declaration.
const { write, end } = ServerResponse.prototype
type Sent = (this: Response, ...given: unknown[]) => unknown
Object.assign(ServerResponse.prototype, {
  write: function (this: Response, ...given: unknown[]) {
    collect(this, given[0])
    return (write as Sent).apply(this, given)
  },
  end: function (this: Response, ...given: unknown[]) {
    check(this, collect(this, given[0]))
    return (end as Sent).apply(this, given)
  },
})
