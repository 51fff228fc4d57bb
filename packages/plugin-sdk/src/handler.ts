import type { Answer, HttpClient } from './http.ts'
import type { FetchRequest, MapContext, PluginDeclaration, Stream } from './plugin.ts'
import type { MappedRecord } from './records.ts'
import type { ImportRun } from './run.ts'

/**
 * A plugin at work. The engine knows sources by this class alone; subclasses override `authenticate`, `fetchData` or
 * `mapData` where a source needs more than its declaration.
 */
export abstract class BaseIntegrationHandler {
  abstract readonly plugin: PluginDeclaration

  /** Gives the client that the data is asked with: the connection's token is attached and kept fresh by the core. */
  authenticate(run: ImportRun): Promise<HttpClient> {
    return run.connect()
  }

  /** Asks for one stream's days and yields the raw answers in order. */
  fetchData(stream: string, request: FetchRequest): AsyncIterable<Answer> {
    return this.#stream(stream).fetchData(request)
  }

  /** Reads records from raw answers. Pure: the same pages give the same records, today and in a remap. */
  mapData(stream: string, pages: Answer[], context: MapContext): Iterable<MappedRecord> {
    return this.#stream(stream).mapData(pages, context)
  }

  /** One whole import. A failed window covers nothing and stops no other. */
  async processImport(run: ImportRun): Promise<void> {
    const http = await this.authenticate(run)
    for (const window of run.windows()) {
      const { stream, ...days } = window
      const { zone } = run
      try {
        const archived = await run.archive(window, () => this.fetchData(stream, { http, ...days, zone }))
        const staged = await run.stage(archived, (pages) => this.mapData(stream, pages, { ...days, zone }))
        await run.cover(staged)
      } catch (error) {
        await run.fail(window, error)
      }
    }
    await run.settle()
  }

  #stream(id: string): Stream {
    const stream = this.plugin.streams[id]
    if (!stream) throw new Error(`${this.plugin.id} has no stream "${id}"`)
    return stream
  }
}
