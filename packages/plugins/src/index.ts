import { fitbit } from './fitbit/fitbit.ts'
import { googleFit } from './google-fit/google-fit.ts'

/** The built-in sources: a line each. */
export const plugins = [fitbit, googleFit]
