/** The address of another day, shown in the same way; `null`: today. */
export function dayHref(day: string | null, showsAll: boolean): string {
  const query = new URLSearchParams({ ...(day !== null && { day }), ...(showsAll && { show: 'all' }) })
  return query.size === 0 ? '/today' : `/today?${query}`
}
