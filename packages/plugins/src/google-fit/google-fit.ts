import { BaseIntegrationHandler, type HttpClient, type PluginDeclaration } from '@tributary/plugin-sdk'
import { callbackWarning } from '../google/callback.ts'
import { googleSignIn } from '../google/sign-in.ts'
import { me, readError, readScope } from './api.ts'
import { activity, distance, heart, weight } from './daily.ts'
import { fields } from './fields.ts'
import { heartIntraday, stepsIntraday } from './intraday.ts'
import { isNoSource } from './no-source.ts'
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
      'Steps, heart, weight and sleep from Google Fit. It has taken no new developers since 1 May 2024 and is being closed in 2026: only for people who already have a project with the Fitness API. Everybody else connects Google Health.',
    icon: '🏃',
    auth: googleSignIn([
      readScope('activity'),
      readScope('location'),
      readScope('heart_rate'),
      readScope('body'),
      readScope('sleep'),
    ]),
    api: { baseUrl: 'https://fitness.googleapis.com', readError, isNoData: isNoSource },
    mappingVersion: 2,
    fields,
    streams: { activity, distance, heart, weight, sleep, heartIntraday, stepsIntraday },
    successor: 'google-health',
    setupInfo: (values) => [
      ...callbackWarning(values),
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
