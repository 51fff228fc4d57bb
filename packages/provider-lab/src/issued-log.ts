export interface Issued {
  readonly kind: 'code' | 'access_token' | 'refresh_token'
  readonly value: string
  /** ISO 8601, UTC. */
  readonly at: string
}

/** Every code and token handed out since start, so that a test can look whether one leaked. Memory only, oldest dropped. */
export interface IssuedLog {
  add(kind: Issued['kind'], value: string, at: number): void
  all(): readonly Issued[]
}

export function createIssuedLog(most = 10_000): IssuedLog {
  const issued: Issued[] = []
  return {
    add(kind, value, at) {
      issued.push({ kind, value, at: new Date(at).toISOString() })
      if (issued.length > most) issued.shift()
    },
    all: () => [...issued],
  }
}
