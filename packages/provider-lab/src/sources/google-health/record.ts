import { civilTime, instant, offset } from './civil.ts'

/** One data point before it is written down. Seconds from the epoch. */
export interface PointRecord {
  readonly start: number
  /** Undefined while the session goes on. */
  readonly end?: number
  /** Of a daily summary: the day that it is about. */
  readonly date?: string
  /** Only points of some types have a name. */
  readonly id?: string
  readonly origin: Origin
  /** What stands under the type's name; made when it is written down, since most points never are. */
  readonly value: () => Readonly<Record<string, unknown>>
}

export type Origin = keyof typeof DATA_SOURCES

const TRACKER = { device: { displayName: 'Charge 6' }, platform: 'FITBIT' }

/** Where a point came from. The phone counts what the tracker counts too. */
export const DATA_SOURCES = {
  measured: { recordingMethod: 'PASSIVELY_MEASURED', ...TRACKER },
  derived: { recordingMethod: 'DERIVED', ...TRACKER },
  phone: {
    recordingMethod: 'PASSIVELY_MEASURED',
    device: { formFactor: 'PHONE', manufacturer: 'Google', displayName: 'Pixel 8' },
    application: { packageName: 'com.google.android.apps.fitness' },
    platform: 'HEALTH_CONNECT',
  },
  scale: {
    recordingMethod: 'MANUAL',
    application: { packageName: 'com.example.scale' },
    platform: 'HEALTH_CONNECT',
  },
} as const

/** The interval of a point that covers a stretch. */
export function interval(start: number, end: number, zone: string): Record<string, unknown> {
  return {
    ...sessionInterval(start, end, zone),
    civilStartTime: civilTime(start, zone),
    civilEndTime: civilTime(end, zone),
  }
}

/** That of a session: no civil times, and no end while it goes on. */
export function sessionInterval(
  start: number,
  end: number | undefined,
  zone: string,
): Record<string, unknown> {
  return {
    startTime: instant(start),
    startUtcOffset: offset(start, zone),
    ...(end === undefined ? {} : { endTime: instant(end), endUtcOffset: offset(end, zone) }),
  }
}

export function sampleTime(at: number, zone: string): Record<string, unknown> {
  return { physicalTime: instant(at), utcOffset: offset(at, zone), civilTime: civilTime(at, zone) }
}
