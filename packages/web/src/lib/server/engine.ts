import type { Engine } from '@tributary/engine'

const key = Symbol.for('tributary.engine')

/** Gives the engine that the process which serves the pages has made. */
export function engine(): Engine {
  const given = (globalThis as { [key]?: Engine })[key]
  if (!given) {
    throw new Error(
      "The web part was started without an engine: set globalThis[Symbol.for('tributary.engine')] before it answers.",
    )
  }
  return given
}
