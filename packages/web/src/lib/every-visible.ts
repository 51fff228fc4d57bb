/** Does something again and again while the page is looked at, never twice at once. Returns what ends it. */
export function everyVisible(milliseconds: number, work: () => Promise<unknown>): () => void {
  let busy = false
  const timer = setInterval(() => {
    if (busy || document.hidden) return
    busy = true
    void work().finally(() => (busy = false))
  }, milliseconds)
  return () => clearInterval(timer)
}
