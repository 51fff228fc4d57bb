import { problem } from './problem.ts'

/** How many large answers one user receives at the same time. */
const mostAtOnce = 6

const openByUser = new Map<string, number>()

/**
 * Begins one more large answer to a user; the returned function ends it. The limit bounds the memory and the time that one
 * user takes from all others, also when a client stops reading. Throws `Problem` 429.
 */
export function openLargeAnswer(userId: string): () => void {
  const open = openByUser.get(userId) ?? 0
  if (open >= mostAtOnce)
    throw problem(
      429,
      'too-many-requests',
      `At most ${mostAtOnce} large answers are sent at the same time; wait until one has ended.`,
      1,
    )
  openByUser.set(userId, open + 1)
  let ended = false
  return () => {
    if (ended) return
    ended = true
    const others = (openByUser.get(userId) ?? 1) - 1
    if (others === 0) openByUser.delete(userId)
    else openByUser.set(userId, others)
  }
}

/**
 * Answers with `{ NAME: [...] }` as JSON, part by part and as fast as the client reads; a list of one part is sent whole.
 * `close` is called at its end; `after` gives further members when the list is complete.
 */
export async function streamList(
  name: string,
  parts: AsyncIterable<unknown[]>,
  close: () => void,
  after: () => object = () => ({}),
): Promise<Response> {
  const texts = listTexts(name, parts, after)
  const headers = { 'content-type': 'application/json' }
  try {
    // What fails before the first byte is still answered as a problem.
    const first = await texts.next()
    const second = await texts.next()
    if (first.value !== undefined && !second.done)
      return new Response(streamTexts([first.value, second.value], texts, close), { headers })
    close()
    return new Response(first.value, { headers })
  } catch (error) {
    close()
    throw error
  }
}

function streamTexts(
  begun: string[],
  rest: AsyncGenerator<string, undefined>,
  close: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const text = begun.shift() ?? (await rest.next()).value
          if (typeof text === 'string') return controller.enqueue(encoder.encode(text))
          close()
          controller.close()
        } catch (error) {
          close()
          throw error
        }
      },
      async cancel() {
        close()
        await rest.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}

async function* listTexts(
  name: string,
  parts: AsyncIterable<unknown[]>,
  after: () => object,
): AsyncGenerator<string, undefined> {
  let text = `{${JSON.stringify(name)}:[`
  let separator = ''
  for await (const part of parts) {
    if (separator !== '') {
      yield text
      text = ''
    }
    text += separator + JSON.stringify(part).slice(1, -1)
    separator = ','
  }
  const members = Object.entries(after()).map(
    ([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`,
  )
  yield `${text}]${members.join('')}}`
}
