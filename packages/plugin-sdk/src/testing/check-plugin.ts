import { connecting } from './checks/connecting.ts'
import { importing } from './checks/importing.ts'
import { refused } from './checks/refusals.ts'
import type { Installation } from './plugin-host.ts'
import type { Check, PluginSuite, Subject, TestedPlugin } from './suite.ts'

/** The rules that every source must meet, in the order in which a plugin's author meets them. */
export const checks: readonly Check[] = [...connecting, ...importing, ...refused]

/** Why a rule is skipped for a source; `undefined` where it applies. */
export function skipReason(check: Check, subject: Subject): string | undefined {
  return check.skipped(subject) ?? subject.suite.skip?.[check.name]
}

/** Throws where a suite skips, or somebody names, a rule that does not exist. */
export function expectRules(names: readonly string[]): void {
  for (const name of names)
    if (!checks.some((check) => check.name === name)) throw new RangeError(`There is no rule "${name}".`)
}

/** Runs one rule on an open installation, which is as before afterwards, a day later. */
export async function runCheck(check: Check, subject: Subject, installation: Installation): Promise<void> {
  const users: { leave(): Promise<void> }[] = []
  const watched: Installation = {
    ...installation,
    async addUser() {
      const user = await installation.addUser()
      users.push(user)
      return user
    },
  }
  try {
    await check.run({ ...subject, installation: watched })
  } finally {
    installation.restore()
    for (const user of users) await user.leave()
    // What the source refused for a time is over, and what the rule changed at the source lies a day back.
    await installation.pass({ hours: 24 })
  }
}

/** How a plugin stands with one rule. */
export interface CheckResult {
  name: string
  outcome: 'passed' | 'failed' | 'skipped'
  /** Why it failed or was skipped. */
  reason?: string
}

/** Runs rules without a test runner; all of them unless some are named. */
export async function checkPlugin(
  plugin: TestedPlugin,
  suite: PluginSuite,
  names?: readonly string[],
): Promise<CheckResult[]> {
  expectRules([...Object.keys(suite.skip ?? {}), ...(names ?? [])])
  const subject = { plugin, suite }
  const installation = await suite.host.open(plugin, suite.lab, suite.paging)
  const results: CheckResult[] = []
  try {
    for (const check of checks.filter(({ name }) => names?.includes(name) ?? true))
      results.push(await resultOf(check, subject, installation))
  } finally {
    await installation.close()
  }
  return results
}

async function resultOf(check: Check, subject: Subject, installation: Installation): Promise<CheckResult> {
  const { name } = check
  const reason = skipReason(check, subject)
  if (reason !== undefined) return { name, outcome: 'skipped', reason }
  try {
    await runCheck(check, subject, installation)
    return { name, outcome: 'passed' }
  } catch (error) {
    return { name, outcome: 'failed', reason: error instanceof Error ? error.message : String(error) }
  }
}
