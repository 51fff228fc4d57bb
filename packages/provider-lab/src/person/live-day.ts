import type { LocalDay } from './local-day.ts'
import { RUNNING_CADENCE } from './minute-effort.ts'
import { TRIP_LENGTH, tripStart } from './night.ts'
import type { Sleep, Stage } from './night.ts'
import type { Random } from './random.ts'

/** What a minute was. In bed counts as awake unless asleep, yet is no time on one's feet. */
export const STATE = { notWorn: 0, up: 1, inBed: 2, asleep: 3 } as const

/** The true minutes of one local day; every array has one entry per physical minute of it. */
export interface TrueMinutes extends LocalDay {
  readonly state: Uint8Array
  readonly steps: Uint8Array
  /** Beats per minute; 0 where the device was not worn. */
  readonly heart: Uint8Array
  readonly floors: Uint8Array
  /** Workouts by index that the person has deleted. */
  readonly removedWorkouts?: readonly number[]
}

export interface DayPlan {
  readonly day: LocalDay
  /** The sleeps that touch the day: last night's, a nap, and the coming night's. */
  readonly sleeps: readonly Sleep[]
  readonly freeDay: boolean
  readonly restingHeartRate: number
  readonly random: Random
}

const HEART_ABOVE_RESTING: Record<Stage, number> = { deep: -3, light: 0, rem: 4, wake: 8 }
const UP_ABOVE_RESTING = 14

export function liveDay({ day, sleeps, freeDay, restingHeartRate, random }: DayPlan): TrueMinutes {
  const length = day.end - day.start
  const minutes = {
    ...day,
    state: new Uint8Array(length).fill(STATE.up),
    steps: new Uint8Array(length),
    heart: new Uint8Array(length),
    floors: new Uint8Array(length),
  }
  const above = new Int8Array(length).fill(UP_ABOVE_RESTING)
  for (const sleep of sleeps) layDown(minutes, above, sleep)
  charge(minutes, random)
  potter(minutes, random)
  for (const bout of planBouts(freeDay, random)) walk(minutes, bout, random)
  for (const sleep of sleeps) if (sleep.kind === 'night') getUpOnce(minutes, sleep, random)
  beat(minutes, above, restingHeartRate, random)
  return minutes
}

function layDown({ start, state }: TrueMinutes, above: Int8Array, sleep: Sleep): void {
  let at = sleep.start - start
  for (const { stage, minutes } of sleep.stages) {
    for (let i = Math.max(at, 0); i < Math.min(at + minutes, state.length); i++) {
      state[i] = stage === 'wake' ? STATE.inBed : STATE.asleep
      above[i] = HEART_ABOVE_RESTING[stage]
    }
    at += minutes
  }
}

/** On some evenings the device lies on its charger for a while. */
function charge({ state }: TrueMinutes, random: Random): void {
  const from = random.integer(1190, 1230)
  const length = random.chance(0.3) ? random.integer(25, 50) : 0
  for (let i = from; i < from + length; i++) if (state[i] === STATE.up) state[i] = STATE.notWorn
}

function potter({ state, steps }: TrueMinutes, random: Random): void {
  for (let i = 0; i < steps.length; i++) {
    if (state[i] === STATE.up && random.chance(0.12)) steps[i] = random.integer(5, 36)
  }
}

interface Bout {
  readonly from: number
  readonly length: number
  readonly cadence: number
  readonly floors?: number
}

function planBouts(freeDay: boolean, random: Random): Bout[] {
  const bouts: Bout[] = []
  if (freeDay) {
    if (random.chance(0.7)) {
      bouts.push({
        from: random.integer(820, 960),
        length: random.integer(40, 110),
        cadence: 102,
        floors: random.integer(0, 14),
      })
    }
    bouts.push({ from: random.integer(620, 700), length: random.integer(6, 20), cadence: 96, floors: 2 })
  } else {
    bouts.push({ from: random.integer(465, 500), length: random.integer(11, 19), cadence: 110, floors: 3 })
    bouts.push({ from: random.integer(740, 770), length: random.integer(6, 14), cadence: 98, floors: 1 })
    bouts.push({ from: random.integer(1035, 1080), length: random.integer(11, 19), cadence: 108, floors: 4 })
  }
  if (random.chance(0.3)) {
    bouts.push({
      from: random.integer(1095, 1120),
      length: random.integer(25, 55),
      cadence: 160,
      floors: random.integer(0, 5),
    })
  }
  return bouts
}

function walk({ state, steps, floors }: TrueMinutes, bout: Bout, random: Random): void {
  for (let i = bout.from; i < bout.from + bout.length; i++) {
    if (state[i] === STATE.up) steps[i] = bout.cadence + random.integer(-9, 9)
  }
  for (let climbed = 0; climbed < (bout.floors ?? 0); climbed++) {
    const at = bout.from + random.integer(0, bout.length - 1)
    if (state[at] === STATE.up) floors[at]! += 1
  }
}

function getUpOnce({ start, end, steps }: TrueMinutes, night: Sleep, random: Random): void {
  for (const offset of [1, TRIP_LENGTH - 2]) {
    const minute = tripStart(night) + offset
    if (minute >= start && minute < end) steps[minute - start] = random.integer(9, 20)
  }
}

function beat({ state, steps, heart }: TrueMinutes, above: Int8Array, resting: number, random: Random): void {
  let pulse = resting + 6
  let noise = 0
  for (let i = 0; i < heart.length; i++) {
    noise = 0.8 * noise + random.between(-2, 2)
    pulse += (resting + above[i]! + aboveForSteps(steps[i]!) - pulse) * 0.4
    if (state[i] !== STATE.notWorn) heart[i] = Math.round(Math.max(40, pulse + noise))
  }
}

function aboveForSteps(steps: number): number {
  if (steps === 0) return 0
  if (steps < 60) return 8
  return steps < RUNNING_CADENCE ? 12 + steps * 0.36 : 78 + (steps - RUNNING_CADENCE) * 0.5
}
