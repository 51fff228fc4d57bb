/** One answer to a plain plugin, as it is kept. */
export interface RecordedAnswer {
  method: string
  url: string
  status: number
  contentType: string | null
  body: string
}

/** A `fetch` that keeps what it answers, in order. */
export function recordingFetch(
  fetch: typeof globalThis.fetch,
  answers: RecordedAnswer[],
): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const response = await fetch(request)
    const body = await response.text()
    answers.push({
      method: request.method,
      url: request.url,
      status: response.status,
      contentType: response.headers.get('content-type'),
      body,
    })
    return answerOf(body, response.status, response.headers.get('content-type'))
  }
}

/** A `fetch` that answers from what was kept and asks nobody: each request by the first answer to the same one. */
export function replayingFetch(answers: RecordedAnswer[]): typeof globalThis.fetch {
  const left = [...answers]
  return (input, init) => {
    const { method, url } = new Request(input, init)
    const at = left.findIndex((answer) => answer.method === method && answer.url === url)
    const [found] = at < 0 ? [] : left.splice(at, 1)
    if (!found) return Promise.reject(new TypeError('This request was not made when the data was fetched.'))
    return Promise.resolve(answerOf(found.body, found.status, found.contentType))
  }
}

function answerOf(body: string, status: number, contentType: string | null): Response {
  const empty = [101, 204, 205, 304].includes(status)
  return new Response(empty ? null : body, {
    status,
    headers: contentType ? { 'content-type': contentType } : {},
  })
}
