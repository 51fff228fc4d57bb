import type { Scenario } from './scenario.ts'

/** Lets open database connections go silent without an end, as a router does that forgot them, while history is imported. */
export function halfOpenConnections({ rounds }: { rounds: number }): Scenario {
  return {
    database: 'proxied',
    async inflict({ prober, proxy, startImports, settled }) {
      await startImports()
      let connections = 0
      for (let round = 0; round < rounds; round++) {
        await proxy.nextRequest()
        connections += proxy.open()
        proxy.freeze()
        await prober.allAnswer()
      }
      await settled()
      return `${connections} connections fell silent in ${rounds} rounds`
    },
  }
}
