/** One answer to a plain plugin, as it is kept. */
export interface RecordedAnswer {
  method: string
  url: string
  status: number
  contentType: string | null
  body: string
}

/** Takes secrets out of a text that is kept. */
export type StrikeOut = (text: string) => string

/** Shorter values are no secrets, and would take too much out of an answer. */
const shortestSecret = 8

/** Strikes out secrets as they are and as they stand in a query. */
export function strikeOutOf(secrets: (string | undefined)[]): StrikeOut {
  const spellings = secrets
    .filter((secret) => secret !== undefined && secret.length >= shortestSecret)
    .flatMap((secret = '') => [
      secret,
      encodeURIComponent(secret),
      String(new URLSearchParams({ s: secret })).slice(2),
    ])
  return (text) => spellings.reduce((left, spelling) => left.replaceAll(spelling, ''), text)
}

/** A `fetch` that keeps what it answers, in order. A service may be asked with secrets in the query; they are not kept. */
export function recordingFetch(
  fetch: typeof globalThis.fetch,
  answers: RecordedAnswer[],
  strikeOut: StrikeOut,
): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const response = await fetch(request)
    const body = await response.text()
    answers.push({
      method: request.method,
      url: strikeOut(request.url),
      status: response.status,
      contentType: response.headers.get('content-type'),
      body: strikeOut(body),
    })
    return answerOf(body, response.status, response.headers.get('content-type'))
  }
}

/** A `fetch` that answers from what was kept and asks nobody: each request by the first answer to the same one. */
export function replayingFetch(answers: RecordedAnswer[], strikeOut: StrikeOut): typeof globalThis.fetch {
  const left = [...answers]
  return (input, init) => {
    const { method, url: asked } = new Request(input, init)
    const url = strikeOut(asked)
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
