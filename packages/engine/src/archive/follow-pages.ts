import type { Answer } from '@tributary/plugin-sdk'

/** Pages that tell which one of them is being read, where a mapping walks through them one by one. */
export function followPages(pages: Answer[]): { pages: Answer[]; current(): number | undefined } {
  let current = pages.length === 1 ? 0 : undefined
  if (pages.length < 2) return { pages, current: () => current }
  const followed = [...pages]
  Object.defineProperty(followed, Symbol.iterator, {
    *value() {
      for (current = 0; current < pages.length; current++) yield pages[current]
      current = undefined
    },
  })
  return { pages: followed, current: () => current }
}
