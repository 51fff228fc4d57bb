import type { AdminSetting } from '@tributary/engine'

/** What is entered for each setting, by key; a checkbox has `true` or `false`. */
export type Draft = Record<string, string>

/** What the fields hold before anybody types; a secret's is empty, whether it is set or not. */
export function toDraft(settings: AdminSetting[]): Draft {
  return Object.fromEntries(settings.map((setting) => [setting.key, startOf(setting)]))
}

function startOf({ type, value }: AdminSetting): string {
  return value ?? (type === 'checkbox' ? 'false' : '')
}

/** The values that have to be sent: those that differ from what is kept, and `null` for what is to be taken away. */
export function changedValues(
  settings: AdminSetting[],
  draft: Draft,
  removed: ReadonlySet<string>,
): Record<string, string | null> {
  const changes: Record<string, string | null> = {}
  for (const setting of settings) {
    if (setting.locked) continue
    const { key, type } = setting
    const entered = (draft[key] ?? '').trim()
    if (type === 'password') {
      if (entered !== '') changes[key] = entered
      else if (removed.has(key)) changes[key] = null
    } else if (entered !== startOf(setting)) {
      changes[key] = entered === '' || (type === 'checkbox' && entered === 'false') ? null : entered
    }
  }
  return changes
}
