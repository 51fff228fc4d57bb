import type { Cluster } from './cluster.ts'
import { runSqlAlone } from './run-sql-alone.ts'

/** Sets the superuser's password on a database whose server is not running. */
export async function setPassword(cluster: Cluster, password: string): Promise<void> {
  await runSqlAlone(cluster, `ALTER ROLE postgres PASSWORD '${password}'`)
}
