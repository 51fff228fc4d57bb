/** What the log may hold of an error. */
export interface ErrorDescription {
  type: string
  message: string
  code?: string
  stack?: string
}

/**
 * Describes an error for the log: what it is and where it happened, with whatever may be a secret struck out. What else
 * hangs on an error is left out: a database's names the row that it refused, a client's the request that it sent.
 */
export function describeError(error: unknown): ErrorDescription {
  const { name, message, stack, code } = (
    error instanceof Error ? error : new Error(String(error))
  ) as Error & { code?: unknown }
  return {
    type: name,
    message: strikeOut(message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(stack === undefined ? {} : { stack: strikeOut(stack) }),
  }
}

/** Where an error of a plugin's code happened. */
export interface PluginErrorDescription {
  type: string
  /** The innermost calls, each with file and line. */
  at: string[]
}

const mostCalls = 8

/**
 * Describes an error of a plugin's code for the log. Its message is left out: it may quote what a person measured, as that of
 * `JSON.parse` does.
 */
export function describePluginError(error: unknown): PluginErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, at: [] }
  const calls = (error.stack ?? '').split('\n').filter((line) => /^ +at \S/.test(line))
  return { type: error.constructor.name, at: calls.slice(0, mostCalls).map((call) => strikeOut(call.trim())) }
}

const gone = '[…]'
/** More of a message than anybody reads; a foreign one may have megabytes, and each pattern below goes through it. */
const longestText = 4000
const address = /\b([a-z][a-z\d+.-]*:\/\/)(?:[^\s/"'<>@]*@)?([^\s"'<>?#]*)([?#][^\s"'<>]*)?/gi
const authorization = /\b(Bearer|Basic)\s+[\w.~+/=-]+/gi
const named =
  /(\b(?:access_token|refresh_token|id_token|client_secret|code_verifier|password|secret|token|api_?key)\b["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;&}\]]+)/gi
/** What is long and no word: random bytes, however they are spelled. */
const run = /[\w+=-]{20,}/g
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

function strikeOut(text: string): string {
  return text
    .slice(0, longestText)
    .replaceAll(
      address,
      (_, scheme: string, place: string, rest?: string) => scheme + place + (rest ? `?${gone}` : ''),
    )
    .replaceAll(authorization, `$1 ${gone}`)
    .replaceAll(named, `$1${gone}`)
    .replaceAll(run, (word) => (/\d/.test(word) && !uuid.test(word) ? gone : word))
}
