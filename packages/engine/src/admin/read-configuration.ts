import type { BaseIntegrationHandler } from '@tributary/plugin-sdk'
import type { StoredSetting } from '../configuration/configuration.ts'
import type { KnownSetting } from '../configuration/known-setting.ts'
import type { AdminConfiguration, AdminPlugin, AdminSetting, SettingOrigin } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { rawDaysSetting } from '../retention/raw-days-setting.ts'
import { describePluginError } from '../runtime/describe-error.ts'
import { callPluginNow } from '../sources/call-plugin.ts'
import { readValues } from '../sources/source-settings.ts'

export const globalSettings: KnownSetting[] = [
  {
    key: 'global.base_url',
    label: 'Base URL',
    description: 'The address that browsers reach this installation by; every callback URL begins with it.',
    type: 'text',
    required: true,
    placeholder: 'https://tributary.example',
  },
]

/** The settings of one plugin: its own, for how long answers are kept, and last whether the simulated provider is used. */
export function settingsOf({ simulation, registry }: Parts, handler: BaseIntegrationHandler): KnownSetting[] {
  const { id } = handler.plugin
  const own = registry.adminFields(id).map((field) => ({ ...field, key: `plugin.${id}.${field.key}` }))
  const fields = [...own, ...rawDaysSetting(handler.plugin)]
  if (!simulation?.sources.includes(id)) return fields
  const simulate: KnownSetting = {
    key: `plugin.${id}.simulate`,
    label: 'Use the simulated provider',
    description:
      'For trying things out: connections made then are to a made-up person, and are marked so. Switched off again, it ends them for everybody and removes what they brought.',
    type: 'text',
    checkbox: true,
  }
  return [...fields, simulate]
}

/** Everything that an admin sees of the configuration; no secret's value is among it. */
export async function readConfiguration(parts: Parts): Promise<AdminConfiguration> {
  const stored = await parts.configuration.stored()
  return {
    global: await Promise.all(globalSettings.map((setting) => readSetting(parts, stored, setting))),
    plugins: await Promise.all(
      [...parts.registry.handlers.values()].map((handler) => readPlugin(parts, stored, handler)),
    ),
    refused: [...parts.registry.refused],
  }
}

type Stored = ReadonlyMap<string, StoredSetting>

async function readPlugin(
  parts: Parts,
  stored: Stored,
  handler: BaseIntegrationHandler,
): Promise<AdminPlugin> {
  const { plugin } = handler
  const [{ configured, simulated }, values, settings] = await Promise.all([
    parts.sourceSettings(plugin),
    readValues(parts.configuration, parts.registry, plugin.id),
    Promise.all(settingsOf(parts, handler).map((setting) => readSetting(parts, stored, setting))),
  ])
  return {
    id: plugin.id,
    name: plugin.name,
    icon: plugin.icon,
    description: plugin.description,
    retired: plugin.retired ?? null,
    readsOwnSecrets: plugin.readsOwnSecrets ?? false,
    configured,
    simulated,
    settings,
    setupInfo: readSetupInfo(parts, handler, values),
  }
}

/** What the plugin tells the admin; where its code fails, that. */
function readSetupInfo(
  { log }: Parts,
  handler: BaseIntegrationHandler,
  values: Record<string, string>,
): AdminPlugin['setupInfo'] {
  const { id, name } = handler.plugin
  try {
    return callPluginNow(name, 'listing what to set up', () =>
      handler
        .setupInfo(values)
        .map(({ label, value, copyable }) => ({ label, value, copyable: copyable ?? false })),
    )
  } catch (error) {
    const { message, cause } = error as Error
    log.error({ source: id, cause: describePluginError(cause) }, 'a plugin failed')
    return [{ label: 'Problem', value: message, copyable: false }]
  }
}

async function readSetting(parts: Parts, stored: Stored, setting: KnownSetting): Promise<AdminSetting> {
  const { key, label, description, type, required, placeholder, options, checkbox } = setting
  const value = await parts.configuration.get(key)
  const from = originOf(parts, stored, setting, value)
  const secret = type === 'password'
  return {
    key,
    label,
    description: description ?? null,
    type: checkbox ? 'checkbox' : type,
    required: required ?? false,
    placeholder: placeholder ?? null,
    options: options ?? [],
    value: secret
      ? null
      : checkbox
        ? String(value === 'true' || from === 'environment')
        : (value ?? setting.default ?? null),
    isSet: value !== undefined,
    changedAt: stored.get(key)?.changedAt.toString() ?? null,
    from,
    locked: from === 'environment',
  }
}

/** What the environment says is locked: changing it there is the one way. */
export function originOf(
  { settings }: Parts,
  stored: Stored,
  { key, checkbox }: KnownSetting,
  value: string | undefined,
): SettingOrigin {
  if (stored.has(key)) return 'database'
  if (key === 'global.base_url') return settings.publicUrlIsSet ? 'environment' : 'default'
  if (checkbox) {
    const id = key.split('.')[1] ?? ''
    return settings.simulate.includes('all') || settings.simulate.includes(id) ? 'environment' : null
  }
  return value === undefined ? null : 'environment'
}
