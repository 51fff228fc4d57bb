import type { IncomingMessage, ServerResponse } from 'node:http'
import { createChangePlan } from './changes/change-plan.ts'
import type { ChangePlan } from './changes/change-plan.ts'
import { control } from './control.ts'
import { createFaultQueue } from './faults/fault-plan.ts'
import type { FaultPlan } from './faults/fault.ts'
import { respond } from './faults/respond.ts'
import { createPageTurner } from './faults/turn-pages.ts'
import { json } from './http/answer.ts'
import type { Answer } from './http/answer.ts'
import { BodyTooLarge, labRequest } from './http/lab-request.ts'
import { createIssuedLog } from './issued-log.ts'
import { numberConsents } from './oauth/number-consents.ts'
import { derive, markSecret } from './oauth/tokens.ts'
import { createPerson } from './person/person.ts'
import { uploadedBy } from './person/uploaded.ts'
import { createRequestLog } from './request-log.ts'
import type { LoggedRequest } from './request-log.ts'
import type { Source, SourceOptions, World } from './source.ts'
import { sources } from './sources/index.ts'
import type { LabStore } from './store/lab-store.ts'
import { answerTruth } from './truth/answer-truth.ts'

export interface LabOptions {
  /** `fileStore(folder)`, or `memoryStore()` for tests. */
  readonly store: LabStore
  /** The one redirect URI registered with a source; compared exactly. */
  readonly redirectUri: (source: string) => string
  /** The time, for the person's data as for tokens and limits; the real one unless given. */
  readonly clock?: () => Temporal.Instant
  /** Requests allowed in a source's own window, in place of what the provider really allows: `{ fitbit: 10_000 }`; a number holds for all. */
  readonly requestLimits?: Readonly<Record<string, number>> | number
  /**
   * Further ids under which a source is served, each a service of its own with its own client, tokens and issued log:
   * `{ 'your-plugin': 'example-service' }`.
   */
  readonly aliases?: Readonly<Record<string, string>>
  /** Whether faults and changes can be commanded by HTTP too, by anyone who reaches the lab. */
  readonly control?: boolean
  /** What is set for single sources: `{ 'google-health': { testing: true } }`. */
  readonly options?: Readonly<Record<string, SourceOptions>>
}

/**
 * Simulated providers, their one person, and the truth about that person.
 *
 * It serves `/lab/truth/:source`, `/lab/issued/:source`, where it may `/lab/faults` and `/lab/changes`, and `/lab/:source/` followed by the provider's own path, whatever
 * host that has in reality.
 */
export interface Lab {
  /** The ids of all that is simulated, aliases included. */
  readonly sources: readonly string[]
  /** The zone in which the person lives. */
  readonly zone: string
  /** The client credentials that the source gave out. Throws a RangeError for a source that is not simulated. */
  client(source: string): { clientId: string; clientSecret: string }
  /** The key that the person made at the source, where it takes one. Throws a RangeError as `client` does. */
  apiKey(source: string): string | undefined
  /** A key that is no secret and may be shown, where the source takes one. Throws a RangeError as `client` does. */
  openKey(source: string): string | undefined
  /** Answers a request whose path begins with `/lab/`; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  readonly faults: FaultPlan
  /** What becomes of the person's data at the sources after it was lived. */
  readonly changes: ChangePlan
  /** What a source was asked since start, oldest first; the last few thousand. */
  requests(source: string): readonly LoggedRequest[]
}

/** What the lab itself serves under these names. */
const RESERVED = ['truth', 'issued', 'faults', 'changes']
const SWEEP_EVERY = 60 * 60 * 1000

export function createLab({
  store,
  redirectUri,
  clock = Temporal.Now.instant,
  requestLimits = {},
  aliases = {},
  options = {},
  control: controllable = false,
}: LabOptions): Lab {
  const person = createPerson()
  const changes = createChangePlan(person)
  const faults = createFaultQueue()
  const requests = createRequestLog()
  const simulated = new Map(
    [...named(aliases)].map(([id, source]) => [id, { source, ...simulate(source, id) }]),
  )
  let sweptAt = -Infinity

  function simulate(source: Source, id: string) {
    const consents = numberConsents(store.key, createIssuedLog())
    const client = {
      clientId: id === source.id ? source.clientId : `${id}.${source.clientId}`,
      clientSecret: markSecret(derive(store.key, 'client', id)).slice(0, 32),
    }
    const world: World = {
      source: id,
      get person() {
        return changes.knownBy(id, clock())
      },
      clock,
      store,
      issued: consents.issued,
      client,
      redirectUri: () => redirectUri(id),
      requestLimit: typeof requestLimits === 'number' ? requestLimits : requestLimits[id],
      options: options[id] ?? {},
    }
    const answer = createPageTurner(source.simulate(world), source.paging)
    return { client, consents, answer }
  }

  function about(kind: string, id: string, method: string, query: URLSearchParams): Answer | undefined {
    const found = simulated.get(id)
    if (kind !== 'truth' && kind !== 'issued') return undefined
    if (!found) return json(404, { error: `There is no simulated source "${id}".` })
    if (method !== 'GET') return json(405, { error: 'Only GET is supported here.' }, { allow: 'GET' })
    return kind === 'truth'
      ? answerTruth(query, clock(), (at) => uploadedBy(changes.knownBy(id, at), at), found.source)
      : json(200, { issued: found.consents.issued.all() })
  }

  async function sweepNowAndThen(): Promise<void> {
    const now = clock().epochMilliseconds
    if (Math.abs(now - sweptAt) < SWEEP_EVERY) return
    sweptAt = now
    await store.sweep(now)
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams, search } = new URL(incoming.url ?? '/', 'http://lab.invalid')
    const [, first = '', rest = ''] = /^\/lab\/([^/]*)(.*)$/.exec(pathname) ?? []
    const method = incoming.method ?? 'GET'

    if (controllable && (first === 'faults' || first === 'changes')) {
      const body = await labRequest(incoming, rest, searchParams).json()
      return respond(response, undefined, async () => control(first, method, body, { faults, changes }))
    }
    const own = about(first, rest.slice(1), method, searchParams)
    if (own) return respond(response, undefined, async () => own)

    const source = simulated.get(first)
    if (!source)
      return respond(response, undefined, async () => json(404, { error: 'The lab has nothing here.' }))

    const at = clock()
    const logged: LoggedRequest = {
      method,
      path: rest,
      at: at.toString({ fractionalSecondDigits: 3 }),
      status: null,
    }
    requests.add(first, logged)
    const consent = source.consents.of(incoming)
    const request = labRequest(incoming, rest, searchParams)
    const fault = faults.take({ source: first, path: rest + search, body: await request.text(), at, consent })
    await respond(response, fault, async () => {
      await sweepNowAndThen()
      const pages = typeof fault === 'object' && 'pages' in fault ? fault.pages : undefined
      const answer = await source.answer(request, pages)
      logged.status = answer.status
      return answer
    })
  }

  function find(id: string) {
    const found = simulated.get(id)
    if (!found) throw new RangeError(`There is no simulated source "${id}".`)
    return found
  }

  return {
    sources: [...simulated.keys()],
    zone: person.zone,
    client: (id) => find(id).client,
    apiKey: (id) => find(id).source.apiKey,
    openKey: (id) => find(id).source.openKey,
    async handle(incoming, response) {
      try {
        await serve(incoming, response)
      } catch (error) {
        const answer =
          error instanceof BodyTooLarge
            ? json(413, { error: 'The form is too large.' })
            : json(500, {
                error: `The lab itself failed: ${error instanceof Error ? error.message : String(error)}`,
              })
        if (response.headersSent) response.destroy()
        else response.writeHead(answer.status, answer.headers).end(answer.body)
      }
    },
    faults,
    changes,
    requests: requests.of,
  }
}

/** Every source under its id and its aliases. Throws a RangeError for an alias that cannot be. */
function named(aliases: Readonly<Record<string, string>>): Map<string, Source> {
  const found = new Map(sources.map((source) => [source.id, source]))
  for (const [alias, id] of Object.entries(aliases)) {
    const source = sources.find((candidate) => candidate.id === id)
    if (!source) throw new RangeError(`There is no simulated source "${id}" for the alias "${alias}".`)
    if (found.has(alias) || RESERVED.includes(alias)) throw new RangeError(`The name "${alias}" is taken.`)
    found.set(alias, source)
  }
  return found
}
