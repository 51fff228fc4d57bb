import { type StreamDataType, typeKey } from '../sources/data-types.ts'

export interface SkippedTypes {
  has(type: StreamDataType): boolean
  /** Counts a failure of a data type. */
  failed(type: StreamDataType): void
  skipStream(stream: string): void
}

/**
 * The data types of which an attempt fetches no more windows. The first attempt skips a data type when it fails; each later
 * one looks behind one failure more, so that one day that never comes does not hide the days behind it.
 */
export function createSkippedTypes(failedAttempts: number): SkippedTypes {
  const failures = new Map<string, number>()
  const streams = new Set<string>()
  return {
    has: (type) => streams.has(type.stream) || (failures.get(typeKey(type)) ?? 0) > failedAttempts,
    failed: (type) => void failures.set(typeKey(type), (failures.get(typeKey(type)) ?? 0) + 1),
    skipStream: (stream) => void streams.add(stream),
  }
}
