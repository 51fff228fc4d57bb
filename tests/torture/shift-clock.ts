/**
 * Imported into the application's processes before anything else (`--import`): shifts their clock by the milliseconds that the
 * file named by TORTURE_CLOCK_FILE contains, read again every 100 ms. Timers are not affected, as on a real machine.
 */
import { readFileSync } from 'node:fs'

const file = process.env['TORTURE_CLOCK_FILE'] ?? ''
let shift = readShift()
setInterval(() => (shift = readShift()), 100).unref()

function readShift(): number {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    return 0
  }
}

const RealDate = Date
const now = () => RealDate.now() + shift

class ShiftedDate extends RealDate {
  constructor(...given: [] | [number]) {
    if (given.length === 0) super(now())
    else super(...given)
  }
  static override now = now
}
globalThis.Date = ShiftedDate as DateConstructor

const { Now } = Temporal
const usualZone = () => Now.timeZoneId()
const { instant } = { instant: Now.instant.bind(Now) }
const shifted = () => instant().add({ milliseconds: shift })
const inZone = (zone: Temporal.TimeZoneLike = usualZone()) => shifted().toZonedDateTimeISO(zone)
Object.assign(Now, {
  instant: shifted,
  zonedDateTimeISO: inZone,
  plainDateTimeISO: (zone?: Temporal.TimeZoneLike) => inZone(zone).toPlainDateTime(),
  plainDateISO: (zone?: Temporal.TimeZoneLike) => inZone(zone).toPlainDate(),
  plainTimeISO: (zone?: Temporal.TimeZoneLike) => inZone(zone).toPlainTime(),
})
