import { afterAll, beforeAll, describe, test } from 'vitest'
import { checks, expectRules, runCheck, skipReason } from './check-plugin.ts'
import type { Installation } from './plugin-host.ts'
import type { PluginSuite, TestedPlugin } from './suite.ts'

/** Generous: a rule takes a second or less on an idle machine. */
const timeout = 120_000

/**
 * The contract suite of a source as tests of vitest, one a rule. A rule that does not apply to the source is a skipped test whose
 * name says why.
 */
export function describePlugin(plugin: TestedPlugin, suite: PluginSuite): void {
  expectRules(Object.keys(suite.skip ?? {}))
  const subject = { plugin, suite }
  const { id } = 'plugin' in plugin ? plugin.plugin : plugin
  describe(`the contract of ${id}`, () => {
    let installation: Installation
    beforeAll(async () => {
      installation = await suite.host.open(plugin, suite.lab, suite.paging)
    }, timeout)
    afterAll(() => installation.close(), timeout)

    for (const check of checks) {
      const reason = skipReason(check, subject)
      if (reason === undefined) test(check.name, () => runCheck(check, subject, installation), timeout)
      else test.skip(`${check.name} (does not apply: ${reason})`, () => {})
    }
  })
}
