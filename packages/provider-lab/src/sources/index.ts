import type { Source } from '../source.ts'
import { exampleService } from './example-service/example-service.ts'
import { fitbit } from './fitbit/fitbit.ts'
import { googleFit } from './google-fit/google-fit.ts'
import { googleHealth } from './google-health/google-health.ts'
import { wakatime } from './wakatime/wakatime.ts'

/** Every simulated provider. */
export const sources: readonly Source[] = [fitbit, googleFit, googleHealth, wakatime, exampleService]
