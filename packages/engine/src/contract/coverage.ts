export type { Coverage, Days, StreamCoverage, StreamSummary } from '@tributary/api'
