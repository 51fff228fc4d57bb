/** Whole minutes from the midnight of a day (`YYYY-MM-DD`) by the clock on the wall; negative for the evening before. */
export function minutesFromMidnight(date: string, time: Temporal.PlainDateTime): number {
  return Math.floor(Temporal.PlainDate.from(date).toPlainDateTime().until(time).total('minutes'))
}
