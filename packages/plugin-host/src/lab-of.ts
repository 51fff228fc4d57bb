import type { DayValues, Lab, SimulatedService } from '@tributary/plugin-sdk/testing'
import { type Change, type LabOptions, memoryStore, startLab } from '@tributary/provider-lab'

/** A change of a day at a source of the lab, without day and moment. */
type DayChange = Change extends infer Each
  ? Each extends { at: string }
    ? Omit<Each, 'source' | 'date' | 'at'>
    : never
  : never

/** How a source of the provider lab is used for a plugin. */
export interface LabSource<TrueDay> {
  /** The values by field that an import of a day must come to, as `docs/provider-lab.md` describes the truth. */
  values(day: TrueDay): Record<string, number | string | null>
  revise: DayChange
  /** Default: all that the source has of the day. */
  remove?: DayChange
  options?: NonNullable<LabOptions['options']>[string]
  /** The lab's source, where the plugin has another id. */
  simulates?: string
}

const unlimited = 1e9

/** The provider lab's source of this id, as the lab of a contract suite. */
export function labOf<TrueDay>(id: string, labSource: LabSource<TrueDay>): Lab {
  return {
    async start({ now, redirectUri }) {
      const { lab, url, close } = await startLab({
        store: memoryStore(),
        clock: now,
        redirectUri: () => redirectUri,
        requestLimits: unlimited,
        ...(labSource.simulates ? { aliases: { [id]: labSource.simulates } } : {}),
        ...(labSource.options ? { options: { [id]: labSource.options } } : {}),
      })
      const change = (date: string, what: DayChange) =>
        lab.changes.add({ source: id, date, at: now().toString(), ...what } as Change)
      const key = lab.apiKey(id)
      const source: SimulatedService = {
        url: `${url}/${id}`,
        zone: lab.zone,
        credentials: key === undefined ? lab.client(id) : { key },
        async days(from, to): Promise<DayValues[]> {
          const response = await fetch(`${url}/truth/${id}?from=${from}&to=${to}`)
          const { days } = (await response.json()) as { days: (TrueDay & { date: string })[] }
          return days.map((day) => ({ date: day.date, values: labSource.values(day) }))
        },
        revise: (date) => change(date, labSource.revise),
        remove: (date) => change(date, labSource.remove ?? { remove: 'day' }),
        close,
      }
      return source
    },
  }
}
