import { problemResponse } from './problem.ts'

/** Puts an error of the sign-in library into the form of all others, with its headers (cookies, when to try again). */
export async function describeAuthError(response: Response, requestId: string): Promise<Response> {
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  return problemResponse({ status: response.status, ...(await readAuthError(response)) }, requestId, headers)
}

/** Reads the code and the sentence of the sign-in library's error. */
export async function readAuthError(response: Response): Promise<{ code: string; message: string }> {
  const body = (await response.json().catch(() => null)) as { code?: unknown; message?: unknown } | null
  const code =
    typeof body?.code === 'string' ? body.code.toLowerCase().replaceAll('_', '-') : fallbackCode(response)
  const message = typeof body?.message === 'string' ? body.message : fallbackMessage(response)
  return { code, message: /[.!?]$/.test(message) ? message : `${message}.` }
}

function fallbackCode({ status }: Response): string {
  if (status === 404) return 'not-found'
  return status === 429 ? 'too-many-requests' : 'sign-in-failed'
}

function fallbackMessage({ status }: Response): string {
  if (status === 404) return 'There is nothing at this address.'
  return status === 429 ? 'Too many tries. Wait a minute and try again.' : 'That did not work. Try again.'
}
