import type { PluginDeclaration } from '@tributary/plugin-sdk'
import type { Configuration } from '../configuration/configuration.ts'
import type { KnownSetting } from '../configuration/known-setting.ts'

/** For how many days a source's raw answers are kept: a setting of every source that is asked. */
export function rawDaysSetting({ id, streams }: PluginDeclaration): KnownSetting[] {
  if (Object.keys(streams).length === 0) return []
  return [
    {
      key: keyOf(id),
      label: 'Keep raw responses',
      description:
        'Days to keep raw responses; empty means forever. Values stay longer, but can then neither be reprocessed nor traced to the response.',
      type: 'text',
      placeholder: 'forever',
      days: true,
    },
  ]
}

/** `undefined`: for ever, also where what is set is no number of days. */
export async function readRawDays(configuration: Configuration, id: string): Promise<number | undefined> {
  const text = (await configuration.get(keyOf(id))) ?? ''
  return isDayCount(text) ? Number(text) : undefined
}

export const isDayCount = (text: string): boolean => /^[1-9]\d{0,4}$/.test(text)

const keyOf = (id: string) => `plugin.${id}.keep_raw_days`
