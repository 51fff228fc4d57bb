import type { PluginDeclaration } from '@tributary/plugin-sdk'
import type { Outgoing } from './outgoing.ts'
import { parseAnswer } from './parse-answer.ts'
import { readBody } from './read-body.ts'

/** A refresh holds its connection's row meanwhile. */
const limits = { answer: 15_000, whole: 20_000 }
const mostMebibytes = 1

/** The `fetch` with which a source's token, revocation and introspection addresses are asked. */
export function tokenFetch(outgoing: Outgoing, { name }: PluginDeclaration): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
    const { method, headers } = request
    const response = await outgoing.send(
      name,
      new URL(request.url),
      { method, headers, ...(body ? { body } : {}) },
      limits,
    )
    if (response.body === null) return response
    const raw = await readBody(response, name, mostMebibytes)
    parseAnswer(raw, name)
    return new Response(new Uint8Array(raw), { status: response.status, headers: response.headers })
  }
}
