/** What goes wrong with a request instead of, or after, the provider's own answer. */
export type FaultResponse =
  /** This answer; the provider never sees the request. A body that is no string is sent as JSON. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** No answer, as if nobody listened: the connection is cut before the provider sees the request. */
  | 'refuse'
  /** No answer: the connection stays open until the client gives up or the lab closes. */
  | 'hang'
  /** The provider's answer, cut in the middle of its body. */
  | 'truncate'
  /** The connection breaks after the provider did its work: its answer is lost. */
  | 'lose'
  /** An answer of 200 whose body never ends. */
  | 'endless-body'
  /** The provider's answer, late. */
  | { readonly delayMs: number }
  /** The provider's answer, in pieces of so many bytes with a pause after each. */
  | { readonly dripBytes: number; readonly everyMs: number }
  /** The provider's answer with its body changed; not by HTTP. */
  | { readonly edit: (body: string) => string }
  /** The provider's answer, with something wrong in how it goes from page to page. */
  | { readonly pages: PageFault }

/**
 * - `same-token`, `new-tokens`: after every page there is another, by a token that stays or by ever new ones; what such a
 *   token gives is the first page.
 * - `repeat`: something came in at the front since the page before, which this one's first item repeats.
 * - `skip`: something went away at the front since the page before, and this page leaves one item out.
 */
export type PageFault = 'same-token' | 'new-tokens' | 'repeat' | 'skip'

export interface Fault {
  readonly source: string
  /** Tested against path and query, without the lab's prefix: `/1/user/-/profile.json`. */
  readonly path: RegExp
  /** Tested against the request's body; every body matches where it is not given. */
  readonly body?: RegExp
  /** How many matching requests it befalls; 1 unless said, and all of them where a time or a probability is given. */
  readonly times?: number
  /** From when, by the lab's clock, up to, not including, when: instants, ISO 8601. */
  readonly from?: string
  readonly until?: string
  /** How likely it befalls a request that it could, 0 to 1; drawn from `seed`, so that it falls the same way every time. */
  readonly probability?: number
  readonly seed?: string
  /** Only what is asked with tokens of this consent to the source: 0 for the first since start. */
  readonly consent?: number
  readonly respond: FaultResponse
}

/** Faults on command, for tests. The oldest that matches befalls a request. */
export interface FaultPlan {
  add(fault: Fault): void
  clear(): void
}
