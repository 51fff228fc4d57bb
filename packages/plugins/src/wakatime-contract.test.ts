import { engineHost, labOf } from '@tributary/plugin-host'
import { describePlugin } from '@tributary/plugin-sdk/testing'
import { wakatime } from './wakatime.ts'

describePlugin(wakatime, {
  host: engineHost,
  lab: labOf<{ codingSeconds: number | null }>('wakatime', {
    values: ({ codingSeconds }) => ({ codingTime: codingSeconds }),
    revise: { multiplyCoding: 0.5 },
  }),
  record: {
    path: /summaries/,
    spoil: (body) => body.replace(/"total_seconds":\d[\d.]*/, '"total_seconds":"much"'),
  },
  account: {
    path: /users\/current(\?|$)/,
    withoutId: (body) => body.replace('"id":', '"other":'),
  },
})
