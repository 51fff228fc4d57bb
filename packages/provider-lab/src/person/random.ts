/**
 * Chance that always falls the same way: numbers drawn from a seed.
 *
 * The same labels give the same numbers on every machine, so that any day can be made alone and in any order.
 */
export interface Random {
  /** At least `low`, below `high`. */
  between(low: number, high: number): number
  /** A whole number, `low` and `high` both included. */
  integer(low: number, high: number): number
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean
  /** Mostly near `mean`, never further from it than twice `spread`. */
  around(mean: number, spread: number): number
}

export function seededRandom(...labels: readonly (string | number)[]): Random {
  let state = fnv1a(labels.join('/'))

  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  return {
    between: (low, high) => low + next() * (high - low),
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    around: (mean, spread) => mean + (next() + next() - 1) * 2 * spread,
  }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash | 0
}
