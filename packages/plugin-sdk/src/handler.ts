import type { Answer, HttpClient } from './http.ts'
import type { OAuth2Helper } from './auth/oauth2-helper.ts'
import type { TokenSet } from './auth/token-set.ts'
import type { FetchRequest, MapContext, MappedRecords, Stream } from './stream.ts'
import type { FileRow, RejectedRow } from './files.ts'
import type { AdminConfigField, PluginDeclaration, SetupInfoItem } from './plugin.ts'
import type { FileRun, ImportRun, PushRun, WindowImport, WindowRun } from './run.ts'

/**
 * A plugin at work. The engine knows sources by this class alone; subclasses override `authenticate`, `fetchData` or
 * `mapData` where a source needs more than its declaration.
 */
export abstract class BaseIntegrationHandler {
  abstract readonly plugin: PluginDeclaration

  /** Returns the client that data is requested with: the core attaches the connection's token and keeps it fresh. */
  authenticate(run: WindowRun): Promise<HttpClient> {
    return run.connect()
  }

  /** Asks for days of one stream, or of one of its data types, and yields the raw answers in order. */
  fetchData(stream: string, request: FetchRequest): AsyncIterable<Answer> {
    return this.#stream(stream).fetchData(request)
  }

  /** Reads records from raw answers. Pure: the same pages give the same records, today and in a remap. */
  mapData(stream: string, pages: Answer[], context: MapContext): MappedRecords {
    return this.#stream(stream).mapData(pages, context)
  }

  /** The settings that an admin fills in; their keys are stored as `plugin.ID.KEY`. */
  adminFields(): AdminConfigField[] {
    const { adminFields, auth, readsOwnSecrets } = this.plugin
    return adminFields ?? (auth.type === 'oauth2' || readsOwnSecrets ? clientFields : [])
  }

  /** What the admin has to know or copy, from the values by key (`global.base_url` among them). */
  setupInfo(values: Record<string, string>): SetupInfoItem[] {
    const { id, auth, setupInfo } = this.plugin
    const callback = { label: 'OAuth callback URL', value: callbackUrl(id, values), copyable: true }
    return [...(auth.type === 'oauth2' ? [callback] : []), ...(setupInfo?.(values) ?? [])]
  }

  /** Whether all required settings have a value. */
  isConfigured(values: Record<string, string>): Promise<boolean> {
    const { id } = this.plugin
    return Promise.resolve(
      this.adminFields().every(({ key, required }) => !required || Boolean(values[`plugin.${id}.${key}`])),
    )
  }

  /** Whether a connection's credentials still work; throws an `ImportError` that says why not. */
  async validateCredentials(http: HttpClient): Promise<boolean> {
    await this.plugin.api.identify?.(http)
    return true
  }

  /** Renews a connection's tokens. */
  refreshTokens(
    oauth: OAuth2Helper,
    tokens: Pick<TokenSet, 'accessToken'> & { refreshToken: string },
  ): Promise<TokenSet> {
    return oauth.refresh(tokens.refreshToken)
  }

  /** Reads an uploaded file in one pass. */
  mapFile(
    content: AsyncIterable<Uint8Array>,
    mapping: Answer,
    context: { zone: string },
  ): AsyncIterable<FileRow | RejectedRow> {
    const { files, name } = this.plugin
    if (!files) throw new Error(`${name} takes no files`)
    return files.mapFile(content, mapping, context)
  }

  /** Maps the parsed body of one delivery of a device. */
  mapDelivery(body: Answer, context: { zone: string }): MappedRecords {
    const { push, name } = this.plugin
    if (!push) throw new Error(`${name} takes no deliveries`)
    return push.mapDelivery(body, context)
  }

  /** One whole import. A window or delivery that fails covers nothing and stops no other. */
  async processImport(run: ImportRun): Promise<void> {
    if (run.kind === 'windows') await this.#importWindows(run)
    else if (run.kind === 'file') await this.#importFile(run)
    else await this.#importDeliveries(run)
    await run.settle()
  }

  async #importWindows(run: WindowRun): Promise<void> {
    let http: HttpClient | undefined
    for await (const window of run.windows()) {
      http ??= await run.authenticate(() => this.authenticate(run))
      try {
        await this.#importWindow(window, http, run.zone)
      } catch (error) {
        await window.fail(error)
      }
    }
  }

  async #importWindow(window: WindowImport, http: HttpClient, zone: string): Promise<void> {
    const { stream, dataType, from, to } = window
    const context = { dataType, from, to, zone }
    const archived = await window.archive(() => this.fetchData(stream, { http, ...context }))
    const staged = await archived.stage((pages) => this.mapData(stream, pages, context))
    await staged.commit()
  }

  async #importFile(run: FileRun): Promise<void> {
    const { mapping, zone } = run
    await run.load((content) => this.mapFile(content, mapping, { zone }))
  }

  async #importDeliveries(run: PushRun): Promise<void> {
    const { zone } = run
    for await (const delivery of run.deliveries()) {
      try {
        const staged = await delivery.stage((body) => this.mapDelivery(body, { zone }))
        await staged.commit()
      } catch (error) {
        await delivery.fail(error)
      }
    }
  }

  #stream(id: string): Stream {
    const stream = this.plugin.streams[id]
    if (!stream) throw new Error(`${this.plugin.id} has no stream "${id}"`)
    return stream
  }
}

/** The settings of a source that is signed in to by OAuth 2.0. */
export const clientFields: AdminConfigField[] = [
  { key: 'client_id', label: 'Client ID', type: 'text', required: true },
  { key: 'client_secret', label: 'Client secret', type: 'password', required: true },
]

/** One redirect URI per source, made from the base URL alone. */
export function callbackUrl(id: string, values: Record<string, string>): string {
  return `${(values['global.base_url'] ?? '').replace(/\/$/, '')}/api/plugins/${id}/callback`
}
