import { plugins } from '@tributary/plugins'
import { BaseIntegrationHandler, definePlugin } from '@tributary/plugin-sdk'

const fitbit = [...plugins].find(
  (plugin): plugin is BaseIntegrationHandler =>
    plugin instanceof BaseIntegrationHandler && plugin.plugin.id === 'fitbit',
)

/** Fitbit, whose mapping of steps a test may change, and which can tell of what zone the answers are that it reads. */
export function changeSteps(
  factor: () => number,
  { mappingVersion = 1, read }: { mappingVersion?: number; read?: (zone: string) => void } = {},
): BaseIntegrationHandler {
  if (!fitbit) throw new Error('there is no such plugin')
  const { activity, ...streams } = fitbit.plugin.streams
  if (!activity) throw new Error('there is no such stream')
  return definePlugin({
    ...fitbit.plugin,
    mappingVersion,
    streams: {
      ...streams,
      activity: {
        ...activity,
        async *mapData(pages, context) {
          read?.(context.zone)
          for await (const record of activity.mapData(pages, context)) {
            if (!('date' in record)) continue
            const { steps, ...rest } = record.fields
            yield { ...record, fields: { ...rest, steps: steps ? Number(steps) * factor() : steps } }
          }
        },
      },
    },
  })
}
