import { type DestinationStream, pino, type Logger } from 'pino'
import { describeError } from './describe-error.ts'

export type Log = Logger

/** JSON lines with ids and no data: what a person measured, and any secret, stays out of the log. */
export function createLog(level: string, destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
      redact: [
        '*.password',
        '*.token',
        '*.accessToken',
        '*.refreshToken',
        '*.clientSecret',
        '*.authorization',
      ],
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  )
}
