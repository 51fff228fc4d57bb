export type { ComparedDay, Comparison, Seam, Succession } from '@tributary/api'
