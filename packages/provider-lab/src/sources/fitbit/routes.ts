import type { Answer } from '../../http/answer.ts'
import type { Uploaded } from '../../person/uploaded.ts'
import { activeZoneMinutes, activitySeries, daySummary } from './activity.ts'
import { bodyLog } from './body.ts'
import { heartSeries } from './heart.ts'
import { activityIntraday, heartIntraday } from './intraday.ts'
import { breathing, cardioScore, heartRateVariability, oxygenSaturation } from './night-vitals.ts'
import { devices, profile } from './profile.ts'
import { sleepLog } from './sleep.ts'

/** One request that passed: what may be seen, and what its path says. */
export interface Call {
  readonly uploaded: Uploaded
  /** Miles and pounds instead of kilometres and kilograms. */
  readonly imperial: boolean
  /** The named groups of the route's pattern. */
  readonly parameters: Readonly<Record<string, string | undefined>>
}

interface Route {
  readonly pattern: RegExp
  readonly scope: string
  readonly answer: (call: Call) => Answer
}

const RESOURCES =
  'steps|calories|distance|floors|elevation|minutesSedentary|minutesLightlyActive|minutesFairlyActive|minutesVeryActive'
const DATES = String.raw`date/(?<date>[^/]+)(?:/(?<end>[^/]+))?\.json`
const INTRADAY = String.raw`date/(?<date>[^/]+)/(?<end>[^/]+)/(?<detail>1sec|1min|5min|15min)(?:/time/(?<from>[^/]+)/(?<to>[^/]+))?\.json`

/** The first that matches the path is served. */
export const routes: readonly Route[] = [
  route('/1/user/-/profile\\.json', 'profile', profile),
  route('/1/user/-/devices\\.json', 'settings', devices),
  route(`/1/user/-/activities/(?:tracker/)?(?<resource>${RESOURCES})/${DATES}`, 'activity', activitySeries),
  route(`/1/user/-/activities/(?<resource>steps|distance|floors)/${INTRADAY}`, 'activity', activityIntraday),
  route(`/1/user/-/activities/active-zone-minutes/${DATES}`, 'activity', activeZoneMinutes),
  route(`/1/user/-/activities/heart/${DATES}`, 'heartrate', heartSeries),
  route(`/1/user/-/activities/heart/${INTRADAY}`, 'heartrate', heartIntraday),
  route('/1/user/-/activities/date/(?<date>[^/]+)\\.json', 'activity', daySummary),
  route(`/1\\.2/user/-/sleep/${DATES}`, 'sleep', sleepLog),
  route(`/1/user/-/body/log/(?<resource>weight|fat)/${DATES}`, 'weight', bodyLog),
  route(`/1/user/-/hrv/${DATES}`, 'heartrate', heartRateVariability),
  route(`/1/user/-/spo2/${DATES}`, 'oxygen_saturation', oxygenSaturation),
  route(`/1/user/-/br/${DATES}`, 'respiratory_rate', breathing),
  route(`/1/user/-/cardioscore/${DATES}`, 'cardio_fitness', cardioScore),
]

function route(pattern: string, scope: string, answer: Route['answer']): Route {
  return { pattern: new RegExp(`^${pattern}$`), scope, answer }
}
