import assert from 'node:assert/strict'
import { dayBefore, expectTruth } from '../compare-days.ts'
import { type Check, connectedBy, withoutRequests } from '../suite.ts'

export const connecting: Check[] = [
  {
    name: 'a user connects an account',
    skipped: withoutRequests,
    async run({ installation }) {
      const user = await installation.addUser()
      await user.connect(dayBefore(installation, 1))
      assert.deepEqual(await user.connection(), { connected: true, state: 'connected' })
    },
  },
  {
    name: 'an expired token is renewed, and again after its refresh token was replaced',
    skipped: (subject) =>
      withoutRequests(subject) ??
      (connectedBy(subject) === 'api-key' ? 'its key does not expire' : undefined),
    async run({ installation }) {
      const user = await installation.addUser()
      const from = dayBefore(installation, 3)
      await user.connect(from)
      for (const which of ['first', 'second']) {
        await user.expireToken()
        const { status, reason } = await user.import()
        assert.equal(status, 'succeeded', `the import after the ${which} renewal: ${reason}`)
      }
      const days = { from, to: dayBefore(installation, 0) }
      await expectTruth(installation, user, days, 'after two renewals')
      assert.deepEqual(await user.connection(), { connected: true, state: 'connected' })
    },
  },
  {
    name: 'an account without an id is not connected',
    skipped(subject) {
      if (!('plugin' in subject.plugin)) return 'a plain plugin does not say which account it is connected to'
      const { account } = subject.suite
      return (
        withoutRequests(subject) ??
        (account ? undefined : 'no response of it names the account (`account` is not given)')
      )
    },
    async run({ installation, suite: { account } }) {
      if (!account) return
      installation.interfere({ path: account.path, respond: { edit: account.withoutId } })
      const user = await installation.addUser()
      await assert.rejects(
        user.connect(dayBefore(installation, 1)),
        'connecting is refused where the source does not say which account it is',
      )
      assert.equal((await user.connection()).connected, false)
    },
  },
]
