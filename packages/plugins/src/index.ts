import { csv } from './csv/csv.ts'
import { fitbit } from './fitbit/fitbit.ts'
import { googleFit } from './google-fit/google-fit.ts'
import { googleHealth } from './google-health/google-health.ts'
import { wakatime } from './wakatime.ts'

/** The built-in sources: a line each. */
export const plugins = [fitbit, googleFit, googleHealth, wakatime, csv]
