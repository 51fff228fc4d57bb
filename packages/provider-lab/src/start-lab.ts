import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLab } from './lab.ts'
import type { Lab, LabOptions } from './lab.ts'

export interface RunningLab {
  readonly lab: Lab
  /** `http://127.0.0.1:PORT/lab` */
  readonly url: string
  /** Stops listening and cuts the connections that are still open. */
  close(): Promise<void>
}

/** A lab on a free port of the loopback, or on the one given. Rejects when that is taken. */
export async function startLab(options: LabOptions, port = 0): Promise<RunningLab> {
  const lab = createLab(options)
  const server = createServer((request, response) => void lab.handle(request, response))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    lab,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/lab`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
