/** The connection that a request names by `?connection=`; `undefined`: the first one of the source. */
export function connectionOf({ searchParams }: URL): string | undefined {
  return searchParams.get('connection') ?? undefined
}
