import type { RequestEvent } from '@sveltejs/kit'
import type { User } from '@tributary/engine'
import { isFromElsewhere } from './cross-site.ts'
import { engine } from './engine.ts'
import { openLargeAnswer } from './large-answers.ts'
import { problem } from './problem.ts'

/** Everything that is the user's, as JSON lines; read on only as fast as it is taken. A link on another site downloads nothing. */
export async function exportAccount({ request }: RequestEvent, user: User): Promise<Response> {
  if (isFromElsewhere(request.headers, engine().publicUrl))
    throw problem(403, 'cross-site', 'An export starts in Tributary only. Open Settings, Account.')
  const close = openLargeAnswer(user.id)
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const encoder = new TextEncoder()
  const begun = Promise.withResolvers<true>()
  engine()
    .accounts.export(user.id, (text) => {
      begun.resolve(true)
      return writer.write(encoder.encode(text))
    })
    .then(
      () => writer.close(),
      (reason: unknown) => {
        begun.reject(reason as Error)
        // Cut off, it lacks its last line; who left does not hear of it.
        return writer.abort(reason)
      },
    )
    .catch(() => {})
    .finally(close)
  await begun.promise
  const day = engine().now().toString().slice(0, 10)
  return new Response(readable, {
    headers: {
      'content-type': 'application/x-ndjson',
      'content-disposition': `attachment; filename="tributary-${day}.ndjson"`,
    },
  })
}
