export interface LoggedRequest {
  readonly method: string
  /** The provider's own path, without the query. */
  readonly path: string
  /** ISO 8601, UTC. */
  readonly at: string
  /** Of the provider's own answer; null while there is none, and where a fault answered in its place. */
  status: number | null
}

export interface RequestLog {
  add(source: string, request: LoggedRequest): void
  of(source: string): readonly LoggedRequest[]
}

/** The requests since start, per source; the oldest are dropped. */
export function createRequestLog(most = 5000): RequestLog {
  const logged = new Map<string, LoggedRequest[]>()
  return {
    add(source, request) {
      const requests = logged.get(source) ?? []
      logged.set(source, requests)
      requests.push(request)
      if (requests.length > most) requests.shift()
    },
    of: (source) => [...(logged.get(source) ?? [])],
  }
}
