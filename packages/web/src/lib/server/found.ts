/** Sends the browser on to another address. */
export function found(location: string): Response {
  return new Response(null, { status: 302, headers: { location } })
}
