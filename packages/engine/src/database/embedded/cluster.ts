import type { Binaries } from './prepare-binaries.ts'
import type { Account } from './run-program.ts'

/** A database's folder, the programs that work on it, and the account that they run under (ours, if none). */
export interface Cluster {
  folder: string
  binaries: Binaries
  account: Account | undefined
}
