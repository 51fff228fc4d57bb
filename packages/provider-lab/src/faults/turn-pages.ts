import type { Answer } from '../http/answer.ts'
import { asObject } from '../http/as-object.ts'
import type { LabRequest } from '../http/lab-request.ts'
import type { PageFault } from './fault.ts'

/** How a provider goes from page to page. */
export interface Paging {
  /** Where an answer holds the token of the next page. */
  readonly next: string
  /** The parameter of the request that takes it. */
  readonly parameter: string
}

/** The token that stays; new ones have a number after it. */
const ENDLESS_TOKEN = 'there-is-always-more'
const MOST_ANSWERED = 100

type Serve = (request: LabRequest) => Promise<Answer>

/** Serves a provider's pages so that faults can befall how one follows another. */
export function createPageTurner(serve: Serve, paging: Paging | undefined) {
  /** What was answered last, by who asked for what. */
  const answered = new Map<string, Answer>()
  let turned = 0

  return async (request: LabRequest, fault?: PageFault): Promise<Answer> => {
    if (!paging) return serve(request)
    const token = request.query.get(paging.parameter)
    const query = new URLSearchParams(request.query)
    if (token?.startsWith(ENDLESS_TOKEN)) query.delete(paging.parameter)
    const answer = await serve({ ...request, query })
    const asked = `${request.path} ${request.headers.authorization}`
    const before = answered.get(asked)
    if (answered.size >= MOST_ANSWERED) answered.clear()
    answered.set(asked, answer)

    const page = fault && readPage(answer)
    if (!page) return answer
    const { body, list, items } = page
    switch (fault) {
      case 'same-token':
        return withBody(answer, { ...body, [paging.next]: ENDLESS_TOKEN })
      case 'new-tokens':
        return withBody(answer, { ...body, [paging.next]: `${ENDLESS_TOKEN}-${(turned += 1)}` })
      case 'repeat': {
        const repeated = token && before ? readPage(before)?.items.slice(-1) : []
        return withBody(answer, { ...body, [list]: [...(repeated ?? []), ...items] })
      }
      case 'skip':
        return token ? withBody(answer, { ...body, [list]: items.slice(1) }) : answer
    }
  }
}

/** The answer and its one list, which holds the items. */
function readPage({ status, body: text }: Answer) {
  if (status !== 200 || !text.startsWith('{')) return undefined
  const body = asObject(JSON.parse(text)) ?? {}
  const found = Object.entries(body).find(([, value]) => Array.isArray(value))
  return found && { body, list: found[0], items: found[1] as readonly unknown[] }
}

function withBody(answer: Answer, body: unknown): Answer {
  return { ...answer, body: JSON.stringify(body) }
}
