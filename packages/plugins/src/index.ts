import { fitbit } from './fitbit/fitbit.ts'

/** The built-in sources: a line each. */
export const plugins = [fitbit]
