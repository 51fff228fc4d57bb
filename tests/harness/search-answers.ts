import { type ServerResponse as Response, ServerResponse } from 'node:http'
import '../../packages/engine/src/testing/mark-random.ts'
import { findCanary } from '../../packages/engine/src/testing/canaries.ts'

/** The answers that show a secret, once, to who asked for it. */
const showing =
  /^(POST \/api\/account\/tokens|POST \/api\/admin\/invitations|(POST|PUT) \/api\/account\/second-step)$/
const longestCanary = 64

/** What the app answered last, by the response: a secret may be cut in two. */
const ends = new WeakMap<Response, Buffer>()

function search(response: Response, chunk: unknown): void {
  if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return
  const { method = '', url = '' } = response.req
  const [path = ''] = url.split('?')
  // The simulated providers hand out what they make.
  if (path.startsWith('/lab/') || showing.test(`${method} ${path}`)) return
  const text = Buffer.concat([ends.get(response) ?? Buffer.alloc(0), Buffer.from(chunk as Uint8Array)])
  ends.set(response, text.subarray(-longestCanary))
  const found = findCanary(text)
  if (found !== undefined) process.stderr.write(`the answer to ${method} ${path} holds ${found}\n`)
}

// Imported for what it does, by the app as tests start it: whatever it answers is searched for secrets on its way out.
const { write, end } = ServerResponse.prototype
type Sent = (this: Response, ...given: unknown[]) => unknown
function searching(send: Sent): Sent {
  return function (...given) {
    search(this, given[0])
    return send.apply(this, given)
  }
}
Object.assign(ServerResponse.prototype, { write: searching(write as Sent), end: searching(end as Sent) })
