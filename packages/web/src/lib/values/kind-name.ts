import { type Kind, kindNames } from '@tributary/api/kind-names'

export type { Kind }

/** A kind in plain words, e.g. `sleep-duration` → `Time asleep`. */
export const kindName = (kind: Kind): string => kindNames[kind]
