import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import { fixedWindow } from '../../http/fixed-window.ts'
import type { LabRequest } from '../../http/lab-request.ts'
import { labMark, sameText } from '../../oauth/tokens.ts'
import { FIRST_DAY } from '../../person/person.ts'
import { uploadedBy } from '../../person/uploaded.ts'
import type { Uploaded } from '../../person/uploaded.ts'
import type { Source } from '../../source.ts'
import { codedOn, secondsBy, secondsOf } from './coded.ts'
import { summaries } from './summaries.ts'

const API_KEY = `lab-key-${labMark}`
const OPEN_KEY = 'simulated'
/** Fewer than ten requests a second, averaged over five minutes. */
const FIVE_MINUTES = 300
const REQUESTS = 3000

/**
 * The WakaTime API, v1, as one asks it with an API key.
 *
 * Source: wakatime.com/developers. What it answers beyond its limit is not documented; the body here is made up.
 */
export const wakatime: Source = {
  id: 'wakatime',
  clientId: 'wakatime-lab',
  apiKey: API_KEY,
  openKey: OPEN_KEY,

  simulate(world) {
    const count = fixedWindow(
      world.requestLimit ?? REQUESTS,
      FIVE_MINUTES,
      () => world.clock().epochMilliseconds,
    )

    return async (request) => {
      const key = keyOf(request)
      if (!sameText(key, API_KEY) && !sameText(key, OPEN_KEY)) return json(401, { error: 'Unauthorized' })
      if (!count(API_KEY).allowed) return json(429, { error: 'Too Many Requests' })
      if (request.method !== 'GET') return json(405, { error: 'Method Not Allowed' })
      const uploaded = uploadedBy(world.person, world.clock())
      switch (request.path) {
        case '/api/v1/users/current':
          return currentUser(uploaded)
        case '/api/v1/users/current/summaries':
          return summaries(request.query, uploaded)
        default:
          return json(404, { error: 'Not Found' })
      }
    }
  },

  truth(uploaded, date, zone) {
    const blocks = codedOn(uploaded, date, zone)
    return {
      codingSeconds: secondsOf(blocks) || null,
      projects: Object.fromEntries(secondsBy(blocks, 'project')),
      languages: Object.fromEntries(secondsBy(blocks, 'language')),
    }
  },
}

/** From `?api_key=`, or the Basic header, where it stands alone or as a user without a password. */
function keyOf({ query, headers }: LabRequest): string {
  const encoded = /^Basic ([\w+/=]+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
  return query.get('api_key') ?? Buffer.from(encoded, 'base64').toString('utf8').replace(/:$/, '')
}

function currentUser({ person, now }: Uploaded): Answer {
  return json(200, {
    data: {
      id: '5b1c7a90-3d52-4c6e-9a11-7f0e6f2d8c34',
      display_name: person.name,
      full_name: person.name,
      username: 'robinsample',
      email: 'robin.sample@example.com',
      timezone: person.zone,
      created_at: `${FIRST_DAY}T00:00:00Z`,
      last_heartbeat_at: Temporal.Instant.fromEpochMilliseconds(now).toString({ smallestUnit: 'second' }),
      has_premium_features: false,
      plan: 'basic',
    },
  })
}
