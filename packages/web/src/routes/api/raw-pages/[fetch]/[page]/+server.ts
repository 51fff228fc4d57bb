import { answer } from '#lib/server/answer.ts'
import { engine } from '#lib/server/engine.ts'
import { problem } from '#lib/server/problem.ts'
import { requireSignedIn } from '#lib/server/require-signed-in.ts'
import type { RequestEvent } from './$types.js'

const types = { json: 'application/json', plain: 'text/plain; charset=utf-8' }

/** A source's answer as it came. Text is shown, of whatever form; anything else is to be kept as a file. */
export const GET = answer(async (event: RequestEvent) => {
  const { user } = await requireSignedIn(event)
  const { fetch, page } = event.params
  if (!/^\d{1,9}$/.test(page)) throw problem(404, 'unknown-page', 'There is no such answer.')
  const { body, text } = await engine().metrics.rawPage(user.id, { fetch, page: Number(page) })
  return new Response(Uint8Array.from(body), {
    headers: {
      'content-type': text === null ? 'application/octet-stream' : types[text],
      'content-disposition': `${text === null ? 'attachment' : 'inline'}; filename="${fetch}-${page}${text === 'json' ? '.json' : ''}"`,
    },
  })
})
