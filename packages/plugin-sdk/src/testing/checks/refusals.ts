import assert from 'node:assert/strict'
import { dayBefore, expectTruth, readStored } from '../compare-days.ts'
import type { ImportOutcome, Installation, InterferingResponse, TestUser } from '../plugin-host.ts'
import { type Check, withoutRequests } from '../suite.ts'
import { importFirst } from './importing.ts'

interface Refused {
  installation: Installation
  user: TestUser
  /** How the import that was refused stands. */
  outcome: ImportOutcome
}

interface Refusal {
  name: string
  respond: InterferingResponse
  /** What this refusal must lead to beside what each one must. */
  expect?(refused: Refused): Promise<void>
  /** Whether the user has to connect again afterwards. */
  reconnects?: boolean
}

const html = '<!doctype html><html><body>We will be back soon.</body></html>'
const waitSeconds = 600

const refusals: Refusal[] = [
  {
    name: '401 to every request is no success, and the connection shows it',
    respond: { status: 401, body: {} },
    reconnects: true,
    async expect({ user }) {
      const { state } = await user.connection()
      // Where a token can be renewed, the source may be at fault, and the import is tried again.
      assert.ok(['needs-reauthorization', 'retrying'].includes(state ?? ''), `the connection is ${state}`)
    },
  },
  { name: '403 is no success', respond: { status: 403, body: {} }, reconnects: true },
  {
    name: '429 with Retry-After waits as long as it says',
    respond: { status: 429, headers: { 'retry-after': String(waitSeconds) }, body: {} },
    async expect(refused) {
      const until = await expectWait(refused)
      const { installation, user } = refused
      const seconds = installation.now().until(until).total('seconds')
      assert.ok(
        seconds > waitSeconds - 60,
        `the import goes on after ${seconds} s, not before ${waitSeconds} s`,
      )
      const sent = installation.requests()
      await installation.pass({ seconds: waitSeconds / 2 })
      assert.equal(installation.requests(), sent, 'no request is sent while the import waits')
      assert.equal((await user.lastImport()).status, 'waiting')
    },
  },
  {
    name: '429 without a header waits',
    respond: { status: 429, body: {} },
    expect: async (refused) => void (await expectWait(refused)),
  },
  { name: '503 is tried again', respond: { status: 503, body: {} }, expect: expectRetry },
  { name: 'a body that breaks off is tried again', respond: 'truncate', expect: expectRetry },
  {
    name: 'HTML with status 200 is tried again',
    respond: { status: 200, headers: { 'content-type': 'text/html' }, body: html },
    expect: expectRetry,
  },
]

export const refused: Check[] = refusals.map(({ name, respond, expect, reconnects = false }) => ({
  name,
  skipped: withoutRequests,
  async run({ installation, suite }) {
    const { user, days } = await importFirst(installation)
    const stored = await readStored(installation, user, days)
    const path = suite.data ?? suite.record.path ?? /./
    installation.interfere({ path, respond })
    const outcome = await user.import()
    assert.notEqual(outcome.status, 'succeeded', 'an import that was refused its data does not succeed')
    await expect?.({ installation, user, outcome })
    assert.deepEqual(
      await user.values(Object.keys(stored[0]?.values ?? {}), days),
      stored,
      'a refused import changes no stored value',
    )
    installation.restore()
    await installation.pass({ hours: 24 })
    if (reconnects) await user.connect(days.from)
    const { status, reason } = await user.import()
    assert.equal(status, 'succeeded', `the import after the refusal succeeds: ${reason}`)
    const to = dayBefore(installation, 0)
    await expectTruth(installation, user, { ...days, to }, 'after the refusal')
  },
}))

async function expectWait({ installation, outcome }: Refused): Promise<Temporal.Instant> {
  const { status, reason, continuesAt } = outcome
  assert.equal(status, 'waiting', `an import over the limit waits: ${reason}`)
  assert.ok(
    continuesAt && Temporal.Instant.compare(continuesAt, installation.now()) > 0,
    'it waits for a moment',
  )
  return continuesAt
}

async function expectRetry({ outcome: { status, reason, continuesAt } }: Refused): Promise<void> {
  assert.equal(status, 'retrying', `the import is tried again: ${reason}`)
  assert.ok(continuesAt, 'the import is tried again at a moment')
}
