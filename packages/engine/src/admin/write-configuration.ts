import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { removeSimulated } from '../connecting/remove-simulated.ts'
import { isDayCount } from '../retention/raw-days-setting.ts'
import { globalSettings, originOf, settingsOf } from './read-configuration.ts'
import type { KnownSetting } from '../configuration/known-setting.ts'

const longestValue = 4000

/** Sets values by key, all or none; `null` takes one away. */
export async function writeConfiguration(
  parts: Parts,
  userId: string,
  values: Record<string, string | null>,
): Promise<void> {
  const { configuration, registry } = parts
  const known = [
    ...globalSettings,
    ...[...registry.handlers.values()].flatMap((handler) => settingsOf(parts, handler)),
  ]
  const stored = await configuration.stored()
  const changes = await Promise.all(
    Object.entries(values).map(async ([key, value]) => {
      const setting = known.find((one) => one.key === key)
      if (!setting) throw new Problem(422, 'unknown-setting', `There is no setting "${key}".`)
      if (originOf(parts, stored, setting, await configuration.get(key)) === 'environment') {
        throw new Problem(409, 'locked', `${setting.label} comes from the environment; change it there.`)
      }
      return { setting, value: checkValue(setting, value) }
    }),
  )
  for (const { setting, value } of changes) {
    await configuration.set(setting.key, value, { secret: setting.type === 'password', by: userId })
  }
  await removeSimulated(parts)
}

function checkValue(
  { label, type, key, options, checkbox, days }: KnownSetting,
  value: string | null,
): string | null {
  const text = value?.trim() ?? ''
  if (text === '') return null
  if (text.length > longestValue) throw new Problem(422, 'bad-value', `${label} is too long.`)
  if (checkbox && text !== 'true' && text !== 'false')
    throw new Problem(422, 'bad-value', `${label} is "true" or "false".`)
  if (days && !isDayCount(text))
    throw new Problem(422, 'bad-value', `${label} is a number of days, such as 90; leave it empty for ever.`)
  if (type === 'select' && !options?.some((option) => option.value === text)) {
    throw new Problem(422, 'bad-value', `${label} has no choice "${text}".`)
  }
  if (key === 'global.base_url') return checkOrigin(text)
  return text
}

function checkOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search) {
    throw new Problem(
      422,
      'bad-value',
      'The base URL is an origin such as https://tributary.example, without a path.',
    )
  }
  return url.origin
}
