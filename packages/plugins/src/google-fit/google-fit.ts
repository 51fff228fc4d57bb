import {
  BaseIntegrationHandler,
  type HttpClient,
  oauth2,
  type PluginDeclaration,
} from '@tributary/plugin-sdk'
import { me, readError, readScope } from './api.ts'
import { activity, distance, heart, weight } from './daily.ts'
import { fields } from './fields.ts'
import { heartIntraday, stepsIntraday } from './intraday.ts'
import { sleep } from './sleep.ts'

/**
 * The Google Fit REST API, fitness v1. Google says which account it is only to who asks for further scopes, so a person
 * has one account here.
 */
export class GoogleFitHandler extends BaseIntegrationHandler {
  readonly plugin: PluginDeclaration = {
    id: 'google-fit',
    name: 'Google Fit',
    description:
      'Steps, heart, weight and sleep from Google Fit. It has taken no new developers since 1 May 2024 and is being closed in 2026: only for who already has a project with the Fitness API; others connect Google Health.',
    icon: '🏃',
    auth: oauth2({
      authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
      tokenUrl: 'https://oauth2.googleapis.com/token',
      revokeUrl: 'https://oauth2.googleapis.com/revoke',
      issuer: 'https://accounts.google.com',
      scopes: [
        readScope('activity'),
        readScope('location'),
        readScope('heart_rate'),
        readScope('body'),
        readScope('sleep'),
      ],
      clientAuth: 'body',
      endsEarly: {
        days: 7,
        note: 'The Google Cloud project is in testing, where Google ends every connection after seven days. An admin presses "Publish app" there under "Audience", until it says "In production"; connect again after that.',
      },
      // Without both there is no refresh token from the second consent on.
      authorizationParams: { access_type: 'offline', prompt: 'consent', include_granted_scopes: 'true' },
    }),
    api: { baseUrl: 'https://fitness.googleapis.com', readError },
    fields,
    streams: { activity, distance, heart, weight, sleep, heartIntraday, stepsIntraday },
    successor: 'google-health',
    setupInfo: () => [
      {
        label: 'Before you start',
        value:
          'Google has let no new project use the Fitness API since 1 May 2024 and closes it in 2026. You need a Google Cloud project in which it is already enabled.',
      },
      { label: 'Google Cloud credentials', value: 'https://console.cloud.google.com/apis/credentials' },
      {
        label: 'Publishing status',
        value: 'Publish the app "In production": in testing, Google ends every connection after seven days.',
      },
    ],
  }

  /** Lists the data sources that may be read, which every granted scope allows. */
  override async validateCredentials(http: HttpClient): Promise<boolean> {
    await http.get(`${me}/dataSources`)
    return true
  }
}

export const googleFit = new GoogleFitHandler()
