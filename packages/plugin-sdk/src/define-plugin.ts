import { BaseIntegrationHandler } from './handler.ts'
import type { Stream } from './stream.ts'
import type { PluginDeclaration } from './plugin.ts'

/** Gives the handler of a source whose declaration says all there is to it. */
export function definePlugin(declaration: PluginDeclaration): BaseIntegrationHandler {
  return new DeclaredHandler(declaration)
}

class DeclaredHandler extends BaseIntegrationHandler {
  readonly plugin: PluginDeclaration

  constructor(declaration: PluginDeclaration) {
    super()
    this.plugin = declaration
  }
}

/** Declares a stream whose `schema` gives its pages their type. */
export function defineStream<Page>(stream: Stream<Page>): Stream {
  return stream as Stream
}
