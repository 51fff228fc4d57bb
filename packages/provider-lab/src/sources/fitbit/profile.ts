import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import { wallClock } from '../../person/local-day.ts'
import { FIRST_DAY } from '../../person/person.ts'
import { ACCOUNT } from './oauth-rules.ts'
import type { Call } from './routes.ts'

export function profile({ uploaded, imperial }: Call): Answer {
  const { person, today, until } = uploaded
  const now = Temporal.Instant.fromEpochMilliseconds(until * 60_000).toZonedDateTimeISO(person.zone)
  const [firstName = '', lastName = ''] = person.name.split(' ')
  const units = imperial ? 'en_US' : 'METRIC'
  return json(200, {
    user: {
      age: Temporal.PlainDate.from(person.born).until(today, { largestUnit: 'years' }).years,
      avatar: 'https://static0.fitbit.com/images/profile/defaultProfile_100.png',
      avatar150: 'https://static0.fitbit.com/images/profile/defaultProfile_150.png',
      country: 'DE',
      dateOfBirth: person.born,
      displayName: `${firstName} ${lastName.slice(0, 1)}.`,
      distanceUnit: units,
      encodedId: ACCOUNT,
      firstName,
      fullName: person.name,
      gender: 'NA',
      height: person.height,
      heightUnit: units,
      lastName,
      locale: 'en_GB',
      memberSince: FIRST_DAY,
      offsetFromUTCMillis: now.offsetNanoseconds / 1_000_000,
      startDayOfWeek: 'MONDAY',
      strideLengthRunning: 102,
      strideLengthWalking: 71,
      timezone: person.zone,
      weight: 74.5,
      weightUnit: units,
    },
  })
}

/** The one device; `lastSyncTime` is the upload that all other answers reach up to. */
export function devices({ uploaded }: Call): Answer {
  const { until, person, today } = uploaded
  const batteryLevel = 95 - (Temporal.PlainDate.from(today).dayOfYear % 6) * 12
  return json(200, [
    {
      battery: batteryLevel > 60 ? 'High' : 'Medium',
      batteryLevel,
      deviceVersion: 'Charge 6',
      features: [],
      id: '2600417302',
      lastSyncTime: wallClock(until, person.zone).toString({ smallestUnit: 'millisecond' }),
      mac: 'A1B2C3D4E5F6',
      type: 'TRACKER',
    },
  ])
}
