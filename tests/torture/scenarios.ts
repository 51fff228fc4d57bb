import { frozenWorker } from './frozen-worker.ts'
import { fullDisk } from './full-disk.ts'
import { halfOpenConnections } from './half-open-connections.ts'
import { killedDatabase } from './killed-database.ts'
import { finishedJobs } from './finished-jobs.ts'
import { movedClock } from './moved-clock.ts'
import { resetConnections } from './reset-connections.ts'
import { restartsDuringUpload } from './restarts-during-upload.ts'
import type { Scenario } from './scenario.ts'
import { stalledUpload } from './stalled-upload.ts'

/** Every scenario by the name that the command takes. */
export const scenarios: Record<string, Scenario> = {
  'reset-connections': resetConnections({ rounds: 10 }),
  'frozen-worker': frozenWorker({ seconds: 120 }),
  'half-open-connections': halfOpenConnections({ rounds: 3 }),
  'killed-database': killedDatabase({ backends: 5, servers: 2 }),
  'full-disk': fullDisk({ megabytes: 400, seconds: 20 }),
  'stalled-upload': stalledUpload({ readers: 40 }),
  'moved-clock': movedClock({ days: 400, seconds: 60 }),
  'million-jobs': finishedJobs({ jobs: 1_000_000 }),
  'restarts-during-upload': restartsDuringUpload({ restarts: 5, rows: 3000 }),
}
