import assert from 'node:assert/strict'
import { type Days, dayBefore, differences, expectTruth, fieldsOf } from '../compare-days.ts'
import type { DayValues, Installation, TestUser } from '../plugin-host.ts'
import type { Check, Subject } from '../suite.ts'

/** So many days are imported first. */
export const firstDays = 14

/** Connects a new user and imports the first days. */
export async function importFirst(
  installation: Installation,
): Promise<{ user: TestUser; days: Days; truth: DayValues[] }> {
  const user = await installation.addUser()
  const days = { from: dayBefore(installation, firstDays - 1), to: dayBefore(installation, 0) }
  const { status, reason } = await user.connect(days.from)
  assert.equal(status, 'succeeded', `the first import succeeds: ${reason}`)
  return { user, days, truth: await expectTruth(installation, user, days, 'after the first import') }
}

/** A day of which the source has a value, a few days ago. */
export function dayWithData(truth: DayValues[]): string {
  const days = truth
    .slice(0, -2)
    .filter(({ values }) => Object.values(values).some((value) => value !== null))
  const day = days.at(-1)
  assert.ok(day, 'the simulated source has data of the last days')
  return day.date
}

export const importing: Check[] = [
  {
    name: 'the first import brings every value, and none where the source has none',
    skipped: always,
    async run({ installation }) {
      const { truth } = await importFirst(installation)
      for (const field of fieldsOf(truth))
        assert.ok(
          truth.some(({ values }) => values[field] !== null),
          `the simulated source has a value of ${field} in the first ${firstDays} days`,
        )
    },
  },
  {
    name: 'a repeated import writes nothing',
    skipped: always,
    async run({ installation }) {
      const { user, days } = await importFirst(installation)
      const { status, reason, counts } = await user.import(days)
      assert.equal(status, 'succeeded', `the second import succeeds: ${reason}`)
      assert.deepEqual(
        { new: counts.new, changed: counts.changed, removed: counts.removed },
        { new: 0, changed: 0, removed: 0 },
        'the second import finds every value unchanged',
      )
      assert.ok(counts.unchanged > 0, 'the second import reads the values again')
    },
  },
  {
    name: 'a late revision arrives',
    skipped: always,
    async run({ installation }) {
      const { user, days, truth } = await importFirst(installation)
      installation.source.revise(dayWithData(truth))
      await expectChange(installation, user, { days, truth }, 'after a revision')
    },
  },
  {
    name: 'a deletion at the source arrives',
    skipped: always,
    async run({ installation }) {
      const { user, days, truth } = await importFirst(installation)
      const date = dayWithData(truth)
      installation.source.remove(date)
      await expectChange(installation, user, { days, truth }, 'after a deletion')
    },
  },
  {
    name: 'one record that cannot be read is rejected, and the rest is stored',
    skipped: always,
    async run({ installation, suite }) {
      const user = await installation.addUser()
      const { path = /./, spoil } = suite.record
      installation.interfere({ path, times: 1, respond: { edit: spoil } })
      const days = { from: dayBefore(installation, firstDays - 1), to: dayBefore(installation, 0) }
      const { status, reason, counts } = await user.connect(days.from)
      assert.ok(['succeeded', 'partial'].includes(status), `the import ends as ${status}: ${reason}`)
      assert.ok(counts.rejected > 0, 'the record is counted as rejected')
      const truth = await installation.source.days(days.from, days.to)
      const stored = await user.values(fieldsOf(truth), days)
      const missing = new Set(differences(stored, truth).map((sentence) => sentence.slice(0, 10)))
      assert.ok(missing.size <= 1, `one day at most lacks a value: ${[...missing].join(', ')}`)
    },
  },
  {
    name: 'a day on which clocks change has what belongs to it',
    skipped: always,
    async run({ installation }) {
      const { user } = await importFirst(installation)
      const changes = clockChanges(installation)
      assert.ok(changes.length > 0, `clocks of ${installation.source.zone} change`)
      for (const day of changes) {
        const days = { from: day.subtract({ days: 1 }).toString(), to: day.add({ days: 1 }).toString() }
        const { status, reason } = await user.import(days)
        assert.equal(status, 'succeeded', `the import of ${day.toString()} succeeds: ${reason}`)
        const truth = await expectTruth(installation, user, days, 'around a change of the clocks')
        assert.ok(
          Object.values(truth[1]?.values ?? {}).some((value) => value !== null),
          `the simulated source has data of ${day.toString()}`,
        )
      }
    },
  },
  {
    name: 'an item that shifts to the next page while pages are fetched counts once',
    skipped: ({ suite }) =>
      suite.paging ? undefined : 'its responses do not come in pages (`paging` is not given)',
    async run({ installation, suite: { record, paging } }) {
      const path = record.path ?? /./
      const nextToken = new RegExp(`"${paging?.next}"\\s*:\\s*"[^"]`)
      let isPaged = false
      const look = (body: string) => {
        isPaged ||= nextToken.test(body)
        return body
      }
      const { user, days } = await importFirst(installation)
      // By one request for all days, where the first import may have taken several.
      installation.interfere({ path, respond: { edit: look } })
      await user.import(days)
      assert.ok(isPaged, `the records of ${firstDays} days take more than one page`)
      installation.restore()
      installation.interfere({ path, respond: { pages: 'repeat' } })
      const { status, reason } = await user.import(days)
      assert.equal(status, 'succeeded', `the import succeeds: ${reason}`)
      await expectTruth(installation, user, days, 'after an item was in two pages')
    },
  },
]

function always(_: Subject): undefined {
  return undefined
}

/**
 * Imports what is due until the values are the source's, twice at most: a day that became empty is requested once more by the next
 * import. Throws where nothing changed at the source.
 */
async function expectChange(
  installation: Installation,
  user: TestUser,
  { days, truth }: { days: Days; truth: DayValues[] },
  what: string,
): Promise<void> {
  const changed = await installation.source.days(days.from, days.to)
  assert.notDeepEqual(changed, truth, 'the simulated source has other values now')
  for (let time = 0; time < 2; time++) {
    await installation.pass({ minutes: 10 })
    const { status, reason } = await user.import()
    assert.equal(status, 'succeeded', `the import ${what} succeeds: ${reason}`)
  }
  await expectTruth(installation, user, days, what)
}

/** The last two days of the source's zone that have not 24 hours. */
function clockChanges({ source, now }: Installation): Temporal.PlainDate[] {
  const found: Temporal.PlainDate[] = []
  let moment: Temporal.ZonedDateTime | null = now().toZonedDateTimeISO(source.zone)
  while (found.length < 2) {
    moment = moment.getTimeZoneTransition('previous')
    if (!moment || moment.until(now().toZonedDateTimeISO(source.zone)).total('days') > 400) break
    found.push(moment.toPlainDate())
  }
  return found
}
