import { ACCOUNT } from './account.ts'
import type { PointRecord } from './record.ts'
import { invalid } from './refusals.ts'

const FAMILIES: Record<string, (point: PointRecord) => boolean> = {
  'all-sources': () => true,
  'google-wearables': ({ origin }) => origin === 'measured' || origin === 'derived',
  'google-sources': () => true,
  // The lab lets nobody write.
  'self-sources': () => false,
}

/** Which points are of the family that `users/me/dataSourceFamilies/…` names; all of them unless one is named. */
export function readFamily(name: unknown): (point: PointRecord) => boolean {
  if (name === null || name === undefined || name === '') return () => true
  const [, user, id] = /^users\/([^/]+)\/dataSourceFamilies\/([\w-]+)$/.exec(String(name)) ?? []
  const known = (user === 'me' || user === ACCOUNT) && Object.hasOwn(FAMILIES, id ?? '')
  const family = known ? FAMILIES[id ?? ''] : undefined
  if (!family) throw invalid(undefined, `Invalid data source family: ${String(name)}`)
  return family
}
