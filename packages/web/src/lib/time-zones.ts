/** Zones to choose from, the present one included, grouped by the first part of their names. */
export function groupTimeZones(zones: string[], present: string): { region: string; zones: string[] }[] {
  const groups = new Map<string, string[]>()
  for (const zone of [...new Set([present, ...zones])].sort()) {
    const region = zone.includes('/') ? zone.slice(0, zone.indexOf('/')) : 'General'
    groups.set(region, [...(groups.get(region) ?? []), zone])
  }
  return [...groups].map(([region, names]) => ({ region, zones: names }))
}
