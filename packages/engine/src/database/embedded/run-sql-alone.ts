import type { Cluster } from './cluster.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { findReason } from './find-reason.ts'
import { runProgram } from './run-program.ts'

/**
 * Runs one statement, on one line, as the superuser on a database whose server is not running.
 * Throws EmbeddedPostgresError with PostgreSQL's reason when it fails.
 */
export async function runSqlAlone({ folder, binaries, account }: Cluster, statement: string): Promise<void> {
  const args = ['--single', '-D', folder, '-c', 'exit_on_error=on', 'postgres']
  const { code, output } = await runProgram(binaries.postgres, args, { account, input: `${statement}\n` })
  if (code === 0) return
  throw new EmbeddedPostgresError(
    `PostgreSQL could not prepare its database in ${folder}: ${findReason(output)}.`,
  )
}
