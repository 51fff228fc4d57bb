import type { App } from './start-app.ts'

/** Somebody who uses the app by HTTP alone: keeps cookies, follows nothing by itself. */
export interface HttpUser {
  request(method: string, path: string, body?: unknown): Promise<Response>
  json<Answer>(method: string, path: string, body?: unknown): Promise<Answer>
  /** The cookies that they hold, as a browser sends them. */
  cookie(): string
}

export function createHttpUser({ url }: Pick<App, 'url'>): HttpUser {
  const cookies = new Map<string, string>()
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')

  async function request(method: string, path: string, body?: unknown): Promise<Response> {
    const form = body instanceof URLSearchParams
    const response = await fetch(new URL(path, url), {
      method,
      redirect: 'manual',
      headers: {
        cookie: cookie(),
        ...(form
          ? { accept: 'text/html' }
          : body === undefined
            ? {}
            : { 'content-type': 'application/json' }),
        ...(method === 'GET' ? {} : { origin: url }),
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      cookies.set(name, value)
    }
    return response
  }

  return {
    request,
    cookie,
    async json<Answer>(method: string, path: string, body?: unknown) {
      const response = await request(method, path, body)
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
      return (await response.json()) as Answer
    },
  }
}

/** Goes from the Connect link over the provider's consent page back to the app, and gives where that lands. */
export async function connectByHttp(
  user: HttpUser,
  source: string,
  decide: { refuse?: boolean; change?: (callback: URL) => void } = {},
): Promise<string> {
  const started = await user.request('GET', `/api/plugins/${source}/auth`)
  const address = new URL(started.headers.get('location') ?? 'none:', 'http://localhost')
  if (!address.pathname.startsWith('/lab/')) return address.pathname + address.search
  const page = await (await fetch(address)).text()
  const forms = [...page.matchAll(/<form[^>]*>([\s\S]*?)<\/form>/g)].map(([form]) => form)
  const form = forms[decide.refuse ? 1 : 0] ?? ''
  const body = new URLSearchParams()
  for (const [input] of form.matchAll(/<(?:input|button)[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1]
    if (name) body.append(name, /value="([^"]*)"/.exec(input)?.[1] ?? '')
  }
  const action = /action="([^"]*)"/.exec(form)?.[1] ?? address.href
  const answer = await fetch(new URL(action, address), { method: 'POST', body, redirect: 'manual' })
  const callback = new URL(answer.headers.get('location') ?? 'none:')
  decide.change?.(callback)
  const landed = await user.request('GET', callback.pathname + callback.search)
  return landed.headers.get('location') ?? String(landed.status)
}
