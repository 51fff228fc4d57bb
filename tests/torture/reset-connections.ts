import { startProber } from './prober.ts'
import type { Scenario } from './scenario.ts'

/** Cuts every database connection, again and again, while pages are read and history is imported. */
export function resetConnections({ rounds }: { rounds: number }): Scenario {
  return {
    database: 'proxied',
    async inflict({ hub, ada, prober, proxy, startImports }) {
      await startImports()
      const readers = [startProber(hub.url, ada), startProber(hub.url, ada)]
      let connections = 0
      for (let round = 0; round < rounds; round++) {
        await proxy.nextRequest()
        connections += proxy.open()
        proxy.cut(round % 2 === 0 ? 'reset' : 'end')
        await prober.allAnswer()
      }
      await Promise.all(readers.map((reader) => reader.stop()))
      return `${connections} connections reset or ended in ${rounds} rounds`
    },
  }
}
