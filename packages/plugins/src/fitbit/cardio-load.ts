/** Points a minute, by Fitbit's names of the zones. */
const weights: Record<string, number> = { 'Fat Burn': 1, Cardio: 2, Peak: 3 }

/**
 * The training impulse (TRIMP) of a day by minutes in three heart rate zones, each weighted once, twice and three times.
 *
 * Source: Lucía A, Hoyos J, Santalla A, Earnest C, Chicharro JL. Tour de France versus Vuelta a España: which is harder?
 * Med Sci Sports Exerc 2003; 35(5): 872–878. Its zones lie between a person's ventilatory thresholds, which Fitbit's
 * only approximate. `undefined` where no zone has minutes: the heart was not seen at all.
 */
export function cardioLoad(
  zones: readonly { name: string; minutes?: number | undefined }[],
): number | undefined {
  const seen = zones.reduce((sum, { minutes = 0 }) => sum + minutes, 0)
  if (seen === 0) return undefined
  return zones.reduce((sum, { name, minutes = 0 }) => sum + minutes * (weights[name] ?? 0), 0)
}
