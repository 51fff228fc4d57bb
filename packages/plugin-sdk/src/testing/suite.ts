import type { BaseIntegrationHandler } from '../handler.ts'
import type { DataImportPlugin } from '../plain/types.ts'
import type { Lab } from './lab.ts'
import type { Installation, PluginHost } from './plugin-host.ts'

/** What the contract suite must know of a plugin. */
export interface PluginSuite {
  host: PluginHost
  lab: Lab
  /** A record of the source. */
  record: {
    /** The requests whose responses contain such records, by path and query; nothing for a file. */
    path?: RegExp
    /** Makes one record of a response's body, or of a file, impossible to read. */
    spoil(body: string): string
  }
  /** The requests for data, by path and query. Default: those of `record`. */
  data?: RegExp
  /** The response that says which account is connected. */
  account?: {
    path: RegExp
    /** The body without the account's id. */
    withoutId(body: string): string
  }
  /** How its responses go on where they come in pages: the key and the parameter of the next page's token. */
  paging?: Paging
  /** Rules that this source cannot meet, by name, each with the reason. */
  skip?: Record<string, string>
}

export interface Paging {
  next: string
  parameter: string
}

export type TestedPlugin = BaseIntegrationHandler | DataImportPlugin

/** One rule of the contract. */
export interface Check {
  name: string
  /** `undefined`, or the reason why the rule does not apply to this source. */
  skipped(subject: Subject): string | undefined
  /** Rejects with an `AssertionError` where the plugin breaks the rule. */
  run(subject: Subject & { installation: Installation }): Promise<void>
}

export interface Subject {
  plugin: TestedPlugin
  suite: PluginSuite
}

/** How a source is connected; a plain plugin uses OAuth 2.0. */
export function connectedBy({ plugin }: Subject): 'oauth2' | 'api-key' | 'upload' {
  return 'plugin' in plugin ? plugin.plugin.auth.type : 'oauth2'
}

/** The reason why a rule about requests does not apply. */
export function withoutRequests(subject: Subject): string | undefined {
  return connectedBy(subject) === 'upload' ? 'it reads files and sends no requests' : undefined
}
