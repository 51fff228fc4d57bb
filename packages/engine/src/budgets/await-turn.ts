import { ImportError, type PluginDeclaration } from '@tributary/plugin-sdk'
import type { Database } from '../database/database.ts'
import type { Clock } from '../domain/clock.ts'
import type { SourceSettings } from '../sources/source-settings.ts'
import { takeTicket } from './take-ticket.ts'

/** How long a worker waits for a request; for longer its job waits, and other jobs go on. */
const patienceSeconds = 15
/** A ticket that is used later than this counts as unused: others were promised the moment. */
const lateMs = 100
const mostTries = 3

/** Waits until a source may be asked once more by its limits; ends the run with `rate-limited` where that takes long. */
export async function awaitTurn(
  { database, clock }: { database: Database; clock: Clock },
  { id, name }: PluginDeclaration,
  { client, limits }: SourceSettings,
  accountId: string,
): Promise<void> {
  if (limits.length === 0) return
  let leadMs = 0
  for (let tries = 0; tries < mostTries; tries++) {
    const earliest = clock.now().add({ milliseconds: leadMs })
    const latest = earliest.add({ seconds: patienceSeconds })
    const { clientId } = client
    const at = await takeTicket(database, { sourceId: id, clientId, accountId, limits, earliest, latest })
    if (Temporal.Instant.compare(at, latest) > 0) {
      throw new ImportError('rate-limited', `${name} allows no more requests for now.`, { retryAt: at })
    }
    await clock.wait(at)
    leadMs = clock.now().epochMilliseconds - at.epochMilliseconds
    if (leadMs <= lateMs) return
  }
}
