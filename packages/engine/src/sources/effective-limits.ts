import type { AdminConfigField, PluginDeclaration, RequestLimit } from '@tributary/plugin-sdk'

/** The limits that hold for a source as its admin set it up. */
export function effectiveLimits(
  { id, api }: PluginDeclaration,
  adminFields: AdminConfigField[],
  values: Record<string, string>,
): RequestLimit[] {
  return (api.limits ?? []).filter(({ when }) => {
    if (!when) return true
    const field = adminFields.find(({ key }) => key === when.setting)
    return (values[`plugin.${id}.${when.setting}`] ?? field?.default) === when.is
  })
}
