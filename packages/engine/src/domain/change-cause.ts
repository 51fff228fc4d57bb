export type { ChangeCause } from '@tributary/api'
