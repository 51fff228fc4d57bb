import type { PluginDeclaration } from '@tributary/plugin-sdk'

/** A data type of a stream: what is planned, fetched and recorded by itself. A stream that declares none is one, without a name. */
export interface StreamDataType {
  stream: string
  /** Empty where the stream declares none. */
  dataType: string
}

/** All data types of some streams, in the order in which they are declared. */
export function dataTypesOf(plugin: PluginDeclaration, streams: string[]): StreamDataType[] {
  return streams.flatMap((stream) =>
    Object.keys(plugin.streams[stream]?.dataTypes ?? { '': {} }).map((dataType) => ({ stream, dataType })),
  )
}

/** The fields that a data type gives. */
export function fieldsOf(plugin: PluginDeclaration, { stream, dataType }: StreamDataType): string[] {
  const { dataTypes, fields = [] } = plugin.streams[stream] ?? {}
  return dataTypes ? (dataTypes[dataType]?.fields ?? []) : fields
}

/** The data type of a stream that gives a field. */
export function dataTypeOf(plugin: PluginDeclaration, stream: string, field: string): StreamDataType {
  const types = dataTypesOf(plugin, [stream])
  return types.find((type) => fieldsOf(plugin, type).includes(field)) ?? { stream, dataType: '' }
}

/** What a person calls it: `Activity, floors`. */
export function nameOfDataType(plugin: PluginDeclaration, { stream, dataType }: StreamDataType): string {
  const { name = stream, dataTypes } = plugin.streams[stream] ?? {}
  return dataTypes ? `${name}, ${dataTypes[dataType]?.name ?? dataType}` : name
}

/** A key of it for maps. */
export function typeKey({ stream, dataType }: StreamDataType): string {
  return JSON.stringify([stream, dataType])
}

/** Whether both are the same data type of the same stream. */
export function isSameType(one: StreamDataType, other: StreamDataType): boolean {
  return one.stream === other.stream && one.dataType === other.dataType
}
