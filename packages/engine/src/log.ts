import { pino, type Logger } from 'pino'

export type Log = Logger

/** JSON lines with ids and no data: what a person measured, and any secret, stays out of the log. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: [
        '*.password',
        '*.token',
        '*.accessToken',
        '*.refreshToken',
        '*.clientSecret',
        '*.authorization',
      ],
    },
    pino.destination({ dest: 2, sync: true }),
  )
}
