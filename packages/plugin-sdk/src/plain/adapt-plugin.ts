import type { TokenSet } from '../auth/token-set.ts'
import type { OAuth2Helper } from '../auth/oauth2-helper.ts'
import type { Field } from '../fields.ts'
import { BaseIntegrationHandler } from '../handler.ts'
import { ImportError, importErrorCode } from '../errors.ts'
import type { Answer, FetchRefusal, HttpClient } from '../http.ts'
import type { FetchRequest, MapContext } from '../stream.ts'
import type { AdminConfigField, PluginDeclaration, SetupInfoItem } from '../plugin.ts'
import type { MappedRecord } from '../records.ts'
import type { WindowRun } from '../run.ts'
import { installPlainFetch, type PlainContext, runPlain } from './context.ts'
import { type RecordedAnswer, recordingFetch, replayingFetch, strikeOutOf } from './recorded-fetch.ts'
import { authOf, toCredentials, toTokenSet } from './refresh-access-token.ts'
import { sharedDomain } from './shared-domain.ts'
import { watchTokens } from './watch-tokens.ts'
import type { DataFieldDescriptor, DataImportPlugin, OAuthCredentials } from './types.ts'

/** How the core serves plain plugins: their settings by key, and a `fetch` for what is asked outside an import. */
export interface PlainHost {
  /** The values of its settings by key; those of the simulated provider where it is simulated. */
  values(plugin: PluginDeclaration): Promise<Record<string, string>>
  fetch(plugin: PluginDeclaration): typeof globalThis.fetch
}

/** Whether something a module exports is a plugin as a plain object. */
export function isPlainPlugin(value: unknown): value is DataImportPlugin {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof BaseIntegrationHandler) &&
    typeof Reflect.get(value, 'getAvailableFields') === 'function' &&
    typeof Reflect.get(value, 'fetchData') === 'function'
  )
}

/** Takes a plain plugin into the class that the engine knows, and supplies what that form lacks. */
export async function adaptPlugin(plain: DataImportPlugin, host: PlainHost): Promise<BaseIntegrationHandler> {
  installPlainFetch()
  const nothing: PlainContext = {
    fetch: () => Promise.reject(new TypeError('not while it is registered')),
    config: () => undefined,
  }
  const config = await runPlain(nothing, () => plain.getOAuthConfig())
  const domain = sharedDomain(config.authorizationUrl, config.tokenUrl)
  const fields = Object.fromEntries(plain.getAvailableFields().map((field) => [field.id, toField(field)]))
  return new PlainHandler(plain, host, {
    id: plain.id,
    name: plain.name,
    description: plain.description,
    icon: plain.icon,
    auth: authOf(config),
    api: {
      baseUrl: new URL(config.tokenUrl).origin,
      hosts: domain.includes(':') ? [domain] : [domain, `*.${domain}`],
    },
    fields,
    streams: {
      days: {
        name: plain.name,
        fields: Object.keys(fields),
        maxDaysPerRequest: 90,
        answers: 'window',
        async *fetchData() {},
        mapData: () => [],
      },
    },
    adminFields: plain.getAdminConfigFields(),
    readsOwnSecrets: true,
  })
}

function toField({ name, description, type, unit }: DataFieldDescriptor): Field {
  return {
    name,
    type,
    ...(description === undefined ? {} : { description }),
    ...(type === 'number' ? { unit: unit ?? '1' } : {}),
  }
}

/** The client of a plain plugin's import, with the tokens that its `fetchData` is given. */
interface PlainClient extends HttpClient {
  credentials: OAuthCredentials
}

const noCredentials: OAuthCredentials = { accessToken: '', refreshToken: '' }

class PlainHandler extends BaseIntegrationHandler {
  readonly plugin: PluginDeclaration
  readonly #plain: DataImportPlugin
  readonly #host: PlainHost

  constructor(plain: DataImportPlugin, host: PlainHost, declaration: PluginDeclaration) {
    super()
    this.plugin = declaration
    this.#plain = plain
    this.#host = host
  }

  override adminFields(): AdminConfigField[] {
    return this.#plain.getAdminConfigFields()
  }

  override setupInfo(values: Record<string, string>): SetupInfoItem[] {
    return this.#plain.getSetupInfo?.(values) ?? super.setupInfo(values)
  }

  override async isConfigured(values: Record<string, string>): Promise<boolean> {
    const context = { fetch: this.#host.fetch(this.plugin), config: (key: string) => values[key] }
    return runPlain(context, () => this.#plain.isConfigured())
  }

  override async authenticate(run: WindowRun): Promise<PlainClient> {
    return { ...(await run.connect()), credentials: toCredentials(await run.credentials()) }
  }

  override async validateCredentials(http: HttpClient): Promise<boolean> {
    const { credentials = noCredentials } = http as Partial<PlainClient>
    return runPlain(await this.#context(http.fetch), () => this.#plain.validateCredentials(credentials))
  }

  override async refreshTokens(
    _oauth: OAuth2Helper,
    { accessToken, refreshToken }: { accessToken: string; refreshToken: string },
  ): Promise<TokenSet> {
    const watched = watchTokens(this.#host.fetch(this.plugin))
    const context = await this.#context(watched.fetch)
    try {
      return toTokenSet(
        await runPlain(context, () => this.#plain.refreshTokens({ accessToken, refreshToken })),
      )
    } catch (error) {
      throw importErrorCode(error) ? error : (watched.refusal() ?? error)
    }
  }

  override async *fetchData(_stream: string, { http, from, to }: FetchRequest): AsyncIterable<Answer> {
    const answers: RecordedAnswer[] = []
    const { credentials } = http as PlainClient
    const strikeOut = strikeOutOf([
      credentials.accessToken,
      credentials.refreshToken,
      ...(await this.#adminSecrets()),
    ])
    const context = await this.#context(recordingFetch(http.fetch, answers, strikeOut))
    const fetching = runPlain(context, () => this.#plain.fetchData(credentials, from, to, this.#fieldIds))
    const [failure] = await fetching.then(
      () => [],
      (error: unknown) => [{ error }],
    )
    const refusals = http.takeRefusals()
    if (failure) throw causeOf(failure.error, refusals, this.plugin)
    // A plain plugin may take "not found" for "nothing there"; a day that was refused otherwise is not an empty one.
    const missed = refusals.find(({ status }) => status !== 404)
    if (missed) throw missed.error
    yield* answers
  }

  override async *mapData(
    _stream: string,
    pages: Answer[],
    { from, to }: MapContext,
  ): AsyncIterable<MappedRecord> {
    const strikeOut = strikeOutOf(await this.#adminSecrets())
    const context = await this.#context(replayingFetch(pages as RecordedAnswer[], strikeOut))
    yield* await runPlain(context, () => this.#plain.fetchData(noCredentials, from, to, this.#fieldIds))
  }

  get #fieldIds(): string[] {
    return Object.keys(this.plugin.fields)
  }

  /** The values of its settings that nobody may read. */
  async #adminSecrets(): Promise<(string | undefined)[]> {
    const values = await this.#host.values(this.plugin)
    const secrets = this.adminFields().filter(({ type }) => type === 'password')
    return secrets.map(({ key }) => values[`plugin.${this.plugin.id}.${key}`])
  }

  /** Its settings are read beforehand, so that its own code reads them as values. */
  async #context(fetch: typeof globalThis.fetch): Promise<PlainContext> {
    const values = await this.#host.values(this.plugin)
    return { fetch, config: (key) => values[key] }
  }
}

/** Why a plain plugin gave up: what it says itself by a code, what its service refused, or what it could not parse. */
function causeOf(error: unknown, refusals: FetchRefusal[], { name }: PluginDeclaration): unknown {
  if (importErrorCode(error)) return error
  const refusal = refusals.find(({ status }) => status !== 404) ?? refusals[0]
  if (refusal) return refusal.error
  if (!(error instanceof SyntaxError)) return error
  return new ImportError('unavailable', `${name} answered with something that is not JSON.`, { cause: error })
}
