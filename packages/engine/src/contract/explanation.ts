export type {
  Basis,
  DayState,
  Evidence,
  EvidenceRecord,
  Explanation,
  FetchOfDay,
  JobOf,
  KindSource,
  MeasurementsOfDay,
  Missing,
  StreamOfDay,
  ValueChange,
} from '@tributary/api'

/** A source's answer as it came. */
export interface RawPage {
  body: Buffer
  /** `null`: it is no text. */
  text: 'json' | 'plain' | null
}
