import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import { dataTypes, HEART_RATE, SLEEP_SEGMENT, STEPS, WEIGHT } from './data-types.ts'
import type { DataType } from './data-types.ts'
import type { Call } from './google-fit.ts'
import { mayRead, notFound, requireArea } from './refusals.ts'

/** A stream of points of one type, from a device or merged by Google. */
export interface Stream {
  readonly id: string
  readonly type: DataType
  readonly name: string
  /** The stream whose points it passes on; itself where it is raw. */
  readonly origin: string
}

const WATCH = { manufacturer: 'Google', model: 'Pixel Watch 2', type: 'watch', uid: '7d1c0a94', version: '' }
const WEARABLE = 'com.google.android.wearable.fitness'
const MERGER = 'com.google.android.gms'
const SCALE_APP = 'com.example.scale'
const MERGED_NAMES = new Map<DataType, string>([
  [STEPS, 'merge_step_deltas'],
  [HEART_RATE, 'merge_heart_rate_bpm'],
  [SLEEP_SEGMENT, 'merged'],
])

/** Every type has a raw stream and one that Google merged, which is the one that its app shows; steps have a second. */
export const streams: readonly Stream[] = dataTypes.flatMap((type) => {
  const device = `${WATCH.manufacturer}:${WATCH.model}:${WATCH.uid}`
  const raw =
    type === WEIGHT
      ? `raw:${type.name}:${SCALE_APP}:`
      : `raw:${type.name}:${WEARABLE}:${device}:${type.fields[0]?.name}`
  const merged = (name: string) => ({
    id: `derived:${type.name}:${MERGER}:${name}`,
    type,
    name,
    origin: raw,
  })
  return [
    { id: raw, type, name: type === WEIGHT ? '' : (type.fields[0]?.name ?? ''), origin: raw },
    merged(MERGED_NAMES.get(type) ?? `merge_${type.name.replace('com.google.', '').replaceAll('.', '_')}`),
    ...(type === STEPS ? [merged('estimated_steps')] : []),
  ]
})

/** `GET /dataSources`: those whose type the scopes can read. */
export function listDataSources({ query, scopes }: Call): Answer {
  const names = query.getAll('dataTypeName')
  const visible = streams
    .filter(({ type }) => mayRead(scopes, type.area))
    .filter(({ type }) => names.length === 0 || names.includes(type.name))
  return json(200, { dataSource: visible.map(describe) })
}

/** `GET /dataSources/{id}`. */
export function getDataSource(call: Call): Answer {
  return json(200, describe(findStream(call.parameters.id ?? '', call.scopes)))
}

/** Throws the refusal where there is no such stream or the scopes cannot read it. */
export function findStream(id: string, scopes: readonly string[]): Stream {
  const stream = streams.find((candidate) => candidate.id === id)
  if (!stream) throw notFound(`No data source found with id: ${id}`)
  requireArea(scopes, stream.type.area)
  return stream
}

function describe({ id, type, name }: Stream): unknown {
  const raw = id.startsWith('raw:')
  const packageName = id.split(':')[2] ?? ''
  return {
    dataStreamId: id,
    dataStreamName: name,
    type: raw ? 'raw' : 'derived',
    dataType: { name: type.name, field: type.fields },
    ...(raw && type !== WEIGHT ? { device: WATCH } : {}),
    application: { packageName },
    dataQualityStandard: [],
  }
}
