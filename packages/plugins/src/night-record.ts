import type { DailyRecord, NightOfDay } from '@tributary/plugin-sdk'

/** The daily record of a day's main sleep; without values where the night is not known yet. */
export function nightRecord({ date, night, unsettled }: NightOfDay): DailyRecord {
  const state = unsettled ? { unsettled } : {}
  if (!night) return { date, fields: {}, ...state }
  const { asleep, bedTime, wakeUpTime, stages } = night
  const fields = {
    sleepLength: asleep,
    bedTime,
    wakeUpTime,
    sleepDeep: stages.deep,
    sleepLight: stages.light,
    sleepRem: stages.rem,
    sleepAwake: stages.awake,
  }
  const known = Object.entries(fields).filter(([, value]) => value !== undefined)
  return { date, fields: Object.fromEntries(known), ...state }
}
