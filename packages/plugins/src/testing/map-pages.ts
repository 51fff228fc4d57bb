import type { MapContext, MappedRecord, RejectedRecord, Stream } from '@tributary/plugin-sdk'

const anyDays: MapContext = { dataType: '', from: '2000-01-01', to: '2099-12-31', zone: 'Europe/Berlin' }

/** Reads pages by a stream's schema and maps them, as an import does; throws where a page is off the schema. */
export async function mapPages(
  stream: Stream | undefined,
  pages: unknown[],
  context: Partial<MapContext> = {},
): Promise<(MappedRecord | RejectedRecord)[]> {
  if (!stream?.schema) throw new Error('There is no such stream, or it has no schema.')
  const read: unknown[] = []
  for (const page of pages) {
    const result = await stream.schema['~standard'].validate(page)
    if (result.issues) throw new TypeError(`The page is off the schema: ${result.issues[0]?.message}`)
    read.push(result.value)
  }
  return Array.fromAsync(stream.mapData(read, { ...anyDays, ...context }))
}
