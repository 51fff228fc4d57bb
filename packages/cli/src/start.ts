import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RunningEngine, Settings } from '@tributary/engine'
import type { Lab } from '@tributary/provider-lab'
import { closeServer, listen } from './listen.ts'
import { listenForSignals } from './listen-for-signals.ts'
import { openEngine, type OpenEngine } from './open-engine.ts'
import { loadPages } from './load-pages.ts'

/** What of Tributary this process does. */
export interface Roles {
  web: boolean
  worker: boolean
}

/** Makes the pages' request handler for an engine. */
export type LoadPages = (engine: RunningEngine, server: Server) => Promise<RequestListener>

/** What another command does otherwise. */
export interface StartOptions {
  load?: LoadPages
  /** Says that it is there. */
  announce?(open: OpenEngine, setUpToken: string | undefined): void
  /** After everything has stopped. */
  ended?(): Promise<void>
}

/** How long requests and jobs that are at work may take to end, and everything in all. */
const graceMs = 8_000
const endMs = 24_000

/** Runs until it is told to end. The port is taken first, so that nothing else is begun where it is not free. */
export async function start(settings: Settings, roles: Roles, options: StartOptions = {}): Promise<void> {
  const { load = loadPages, announce = announceStart } = options
  const toldToEnd = listenForSignals(settings)
  let answer: RequestListener = notYet
  const server = roles.web
    ? await listen((request, response) => answer(request, response), settings)
    : undefined
  const opening = openEngine(settings, labUrlOf(settings, server))
  // Nothing has begun that would have to be ended in an orderly way.
  if ((await Promise.race([opening, toldToEnd])) === 'told to end') process.exit()
  const open = await opening
  const pages = server && withLab(open.lab, open.engine, await load(open.engine, server))
  const worker = roles.worker ? open.engine.startWorker() : undefined
  const scheduler = roles.worker ? open.engine.startScheduler() : undefined
  if (pages) {
    const setUpToken = await open.engine.beginSetUp()
    // Only now the admin that the settings name can sign in.
    answer = pages
    announce(open, setUpToken)
  } else console.log('A worker is at work')

  await toldToEnd
  // Whatever waits for somebody else is left behind; the database is stopped as the process ends.
  setTimeout(() => process.exit(1), endMs).unref()
  open.engine.endWatches()
  await Promise.all([server && closeServer(server, graceMs), scheduler?.stop(graceMs), worker?.stop(graceMs)])
  await open.close()
  await options.ended?.()
  process.exit()
}

/** A process with pages asks its own; a worker alone asks where browsers do. */
function labUrlOf({ publicUrl }: Settings, server: Server | undefined): string {
  if (!server) return `${publicUrl}/lab`
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}/lab`
}

function withLab(lab: Lab, engine: RunningEngine, pages: RequestListener): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    if (!request.url?.startsWith('/lab/')) {
      pages(request, response)
      return
    }
    mayAsk(engine, request).then(
      (may) => (may ? lab.handle(request, response) : pages(request, response)),
      () => notYet(request, response),
    )
  }
}

/** What the simulated providers issued opens the simulated accounts of everybody: that is for admins. */
async function mayAsk(engine: RunningEngine, { url = '', headers }: IncomingMessage): Promise<boolean> {
  if (!(await engine.isSimulating())) return false
  if (new URL(url, 'http://lab.invalid').pathname.split('/')[2] !== 'issued') return true
  const signedIn = await engine.accounts.identify(new Headers({ cookie: headers.cookie ?? '' }))
  return signedIn?.user.role === 'admin'
}

function notYet(_request: IncomingMessage, response: ServerResponse): void {
  response
    .writeHead(503, { 'content-type': 'text/plain', 'retry-after': '1' })
    .end('Tributary is starting.\n')
}

function announceStart({ engine }: OpenEngine, setUpToken: string | undefined): void {
  const { publicUrl } = engine
  const lines = [`Tributary is at ${publicUrl}`]
  if (setUpToken) lines.push(`Set it up by this link, which works once: ${publicUrl}/set-up/${setUpToken}`)
  console.log(lines.join('\n'))
}
