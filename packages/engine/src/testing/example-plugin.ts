import { definePlugin, type OAuth2, oauth2 } from '@tributary/plugin-sdk'

interface Entry {
  date: string
  score: number
}

/** A source of the simulated example service, for tests of what all sources have; serve it by an alias of the lab. */
export function examplePlugin(id: string, auth: Partial<OAuth2> = {}, origin = 'https://service.example') {
  return definePlugin({
    id,
    name: 'Example',
    description: 'A service for tests.',
    icon: '📊',
    auth: oauth2({
      authorizationUrl: `${origin}/oauth/authorize`,
      tokenUrl: `${origin}/oauth/token`,
      revokeUrl: `${origin}/oauth/revoke`,
      scopes: ['read_data'],
      ...auth,
    }),
    api: { baseUrl: origin, identify: async (http) => ({ id: (await http.get('/me')).id }) },
    fields: { dailyScore: { name: 'Daily score', type: 'number', unit: '{score}' } },
    streams: {
      days: {
        fields: ['dailyScore'],
        maxDaysPerRequest: 90,
        historyDays: 30,
        answers: 'window',
        async *fetchData({ http, from, to }) {
          yield await http.get('/data', { start: from, end: to })
        },
        mapData: (pages) =>
          pages.flatMap(({ entries }: { entries: Entry[] }) =>
            entries.map(({ date, score }) => ({ date, fields: { dailyScore: score } })),
          ),
      },
    },
  })
}
