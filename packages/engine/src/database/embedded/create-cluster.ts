import { chown, mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeStartFault, faultInText } from '../machine-faults.ts'
import type { Cluster } from './cluster.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { findReason } from './find-reason.ts'
import { runProgram } from './run-program.ts'
import { runSqlAlone } from './run-sql-alone.ts'
import { tuningArguments } from './server-settings.ts'
import { setPassword } from './set-password.ts'

/**
 * Makes the database: beside its place, then moved there, so that a first start that was cut short leaves
 * nothing half made.
 * Throws EmbeddedPostgresError with PostgreSQL's reason when it cannot.
 */
export async function createCluster(cluster: Cluster, password: string): Promise<void> {
  const unfinished = { ...cluster, folder: `${cluster.folder}.unfinished` }
  await makeEmpty(unfinished)
  await initialise(unfinished)
  await writeFile(join(unfinished.folder, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n')
  await setPassword(unfinished, password)
  await runSqlAlone(unfinished, 'CREATE DATABASE tributary')

  await rmdir(cluster.folder).catch(() => {})
  await rename(unfinished.folder, cluster.folder)
}

async function makeEmpty({ folder, account }: Cluster): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { mode: 0o700 })
  if (account) await chown(folder, account.uid, account.gid)
}

async function initialise({ folder, binaries, account }: Cluster): Promise<void> {
  const args = [
    '--username=postgres',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    // Until our own rule stands in pg_hba.conf nobody is let in.
    '--auth=reject',
    ...tuningArguments(),
  ]
  const { code, output } = await runProgram(binaries.initdb, ['-D', folder, ...args], { account })
  if (code === 0) return
  const sentence = describeStartFault(faultInText(output), folder)
  if (sentence !== undefined) throw new EmbeddedPostgresError(sentence)
  const nameless = /could not look up effective user ID (\d+)/.exec(output)
  throw new EmbeddedPostgresError(
    nameless
      ? `PostgreSQL refuses to make its database as user number ${nameless[1]}, because that user has no name on ` +
          `this machine: start Tributary as a user with an entry in /etc/passwd.`
      : `PostgreSQL could not make its database in ${folder}: ${findReason(output)}.`,
  )
}
