import { csv } from './csv/csv.ts'
import { fitbit } from './fitbit/fitbit.ts'
import { googleFit } from './google-fit/google-fit.ts'
import { wakatime } from './wakatime.ts'

/** The built-in sources: a line each. */
export const plugins = [fitbit, googleFit, wakatime, csv]
