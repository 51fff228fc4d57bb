import { createLog, Problem, resetSecondStepOf, type Settings } from '@tributary/engine'
import { openDataDir, reachDatabase } from './open-database.ts'

export const secondStepUsage = `Usage: tributary second-step reset ADDRESS

  Turns the second step off for who lost the app and the backup codes, and ends their sessions.
`

/** Looks after the second steps of users, while the app runs or not. `false`: there is no such command. */
export async function secondStep(settings: Settings, name = '', email = ''): Promise<boolean> {
  if (name !== 'reset' || email === '') return false
  const log = createLog(settings.logLevel)
  const database = await reachDatabase(settings, await openDataDir(settings, log), log)
  try {
    await resetSecondStepOf(database.url, email)
    console.log(
      `The second step of ${email} is off; the password alone signs in until it is turned on again.`,
    )
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    console.error(error.message)
    process.exitCode = 1
  } finally {
    await database.stop()
  }
  return true
}
