import type { Source } from '../source.ts'
import { fitbit } from './fitbit/fitbit.ts'

/** Every simulated provider. */
export const sources: readonly Source[] = [fitbit]
