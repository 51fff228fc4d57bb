import { AsyncLocalStorage } from 'node:async_hooks'

/** The HTTP request that something is done for. */
export interface AskedBy {
  id: string
  /** Where it came from. */
  address(): string
}

const requests = new AsyncLocalStorage<AskedBy>()

/** Does work for a request, so that the audit log can name it. */
export function duringRequest<Result>(request: AskedBy, work: () => Result): Result {
  return requests.run(request, work)
}

/** The request at work; none where a worker or the command line works. */
export function currentRequest(): AskedBy | undefined {
  return requests.getStore()
}
