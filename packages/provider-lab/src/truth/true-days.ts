import { zoneMinutes } from '../person/day-totals.ts'
import { eachDate, wallMinutes } from '../person/local-day.ts'
import { minutesAsleep } from '../person/night.ts'
import { minutesIn } from '../person/stages.ts'
import type { Uploaded } from '../person/uploaded.ts'
import { round } from '../person/vitals.ts'

/**
 * What is true of one local day, as far as it was uploaded; null for what there is none of.
 *
 * Distance in km, calories in kcal, sleep in minutes, HRV in ms (RMSSD), SpO2 in percent, weight in kg, rates per minute.
 */
export interface TrueDay {
  readonly date: string
  readonly steps: number | null
  readonly distance: number | null
  readonly calories: number | null
  readonly floors: number | null
  /** Fairly and very active minutes. */
  readonly activeMinutes: number | null
  /** Null on a day without one, which providers leave out. */
  readonly zoneMinutes: number | null
  /** Minutes asleep in the main sleep; naps do not count. */
  readonly sleepMinutes: number | null
  /** Minutes of the main sleep by stage; together with the waking ones all the time in bed. */
  readonly sleepDeep: number | null
  readonly sleepLight: number | null
  readonly sleepRem: number | null
  readonly sleepAwake: number | null
  /** Of the main sleep, whole minutes by wall clock from the day's midnight: -30 is 23:30 of the evening before. */
  readonly bedTime: number | null
  readonly wakeUpTime: number | null
  readonly heartRateMin: number | null
  readonly heartRateMean: number | null
  readonly heartRateMax: number | null
  /** By the person's own day whatever the zone: the device computes it. */
  readonly restingHeartRate: number | null
  /** These three belong to the main sleep and go to the day it ends. */
  readonly hrv: number | null
  readonly spo2: number | null
  readonly breathingRate: number | null
  /** The day's last weighing. */
  readonly weight: number | null
}

/** The days of a zone, both ends included, recomputed from the true minutes. */
export function trueDays(uploaded: Uploaded, from: string, to: string, zone: string): TrueDay[] {
  return Array.from(eachDate(from, to), (date) => trueDay(uploaded, date, zone))
}

function trueDay(uploaded: Uploaded, date: string, zone: string): TrueDay {
  const totals = uploaded.totals(date, zone)
  const night = uploaded.night(date, zone)
  const vitals = night && uploaded.person.vitals(night.date)
  const { heart } = totals
  const whenWorn = (value: number) => (totals.worn > 0 ? value : null)
  const whenBeating = (value: number) => (heart.minutes > 0 ? value : null)
  return {
    date,
    steps: whenWorn(totals.steps),
    distance: whenWorn(round(totals.metres / 1000, 5)),
    calories: whenWorn(Math.round(totals.kilocalories)),
    floors: whenWorn(totals.floors),
    activeMinutes: whenWorn(totals.fair + totals.very),
    zoneMinutes: zoneMinutes(totals).total || null,
    sleepMinutes: night ? minutesAsleep(night) : null,
    sleepDeep: night ? minutesIn(night, 'deep') : null,
    sleepLight: night ? minutesIn(night, 'light') : null,
    sleepRem: night ? minutesIn(night, 'rem') : null,
    sleepAwake: night ? minutesIn(night, 'wake') : null,
    bedTime: night ? wallMinutes(night.start, date, zone) : null,
    wakeUpTime: night ? wallMinutes(night.end, date, zone) : null,
    heartRateMin: whenBeating(heart.min),
    heartRateMean: whenBeating(round(heart.sum / heart.minutes, 3)),
    heartRateMax: whenBeating(heart.max),
    restingHeartRate: uploaded.restingHeartRate(date) ?? null,
    hrv: vitals?.hrv ?? null,
    spo2: vitals?.spo2.avg ?? null,
    breathingRate: vitals?.breathingRate ?? null,
    weight: uploaded.weighIn(date, zone)?.weight ?? null,
  }
}
