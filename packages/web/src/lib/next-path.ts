/** Where to go after signing in: a page of this site, else the given one. Never an API route, another site or a script. */
export function nextPath(wanted: string | null, otherwise = '/today'): string {
  if (wanted === null || !wanted.startsWith('/') || hasTrickyCharacter(wanted)) return otherwise
  const base = 'http://site.invalid'
  const url = URL.parse(wanted, base)
  if (url === null || url.origin !== base || url.pathname.startsWith('//')) return otherwise
  if (/^\/(api|sign-in|sign-out|set-up)(\/|$)/.test(url.pathname)) return otherwise
  return url.pathname + url.search + url.hash
}

function hasTrickyCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\x7f' || character === '\\')
}
