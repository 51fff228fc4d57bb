export type { DailyValue } from '@tributary/api'
