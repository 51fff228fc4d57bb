import { setTimeout as pause } from 'node:timers/promises'
import { freePort, runCommand } from '../harness/start-app.ts'

type Process = ReturnType<typeof runCommand>

/** The application's processes, as a user starts them. */
export interface Hub {
  url: string
  /** The process with the pages. */
  web(): Process
  workers(): Process[]
  /** Starts the processes that do not run, and resolves when they are ready. */
  start(): Promise<void>
  /** Sends a signal to every process and waits for its end. Returns how long that took, in milliseconds. */
  end(signal: NodeJS.Signals): Promise<number>
  /** Ends of processes that nothing had told to end, as sentences. */
  ownEnds(): string[]
}

/** Longer than the application promises (25 s), so that a promise that is broken is measured. */
const longestEndMs = 60_000

export async function createHub(options: {
  workers: number | undefined
  environment: Record<string, string>
}): Promise<Hub> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const environment = { PUBLIC_URL: url, PORT: String(port), ...options.environment }
  const commands =
    options.workers === undefined
      ? ['start']
      : ['web', ...Array.from({ length: options.workers }, () => 'worker')]
  const running = new Map<number, Process>()
  const ownEnds: string[] = []

  function launch(command: string, place: number): Process {
    const process = runCommand(command, environment)
    running.set(place, process)
    const notEnded = (how: string) => {
      if (running.get(place) !== process) return
      running.delete(place)
      ownEnds.push(`"${command}" ended by itself (${how}): ${process.output().slice(-2000)}`)
    }
    process.exited.then(
      (code) => notEnded(`code ${code}`),
      (error: Error) => notEnded(error.message),
    )
    return process
  }

  return {
    url,
    web() {
      const web = running.get(0)
      if (!web) throw new Error('the process with the pages does not run')
      return web
    },
    workers: () => [...running].filter(([place]) => place > 0).map(([, process]) => process),
    async start() {
      const starting = commands.flatMap((command, place) =>
        running.has(place) ? [] : [launch(command, place)],
      )
      await Promise.all(starting.map((process) => process.until(/Tributary is at|A worker is at work/)))
    },
    async end(signal) {
      const ending = [...running.values()]
      running.clear()
      const began = performance.now()
      for (const process of ending) process.signal(signal)
      const ended = Promise.all(ending.map((process) => process.exited)).then(() => 'ended' as const)
      const late = pause(longestEndMs, 'late' as const, { ref: false })
      if ((await Promise.race([ended, late])) === 'late') {
        for (const process of ending) process.kill()
        await ended
      }
      return performance.now() - began
    },
    ownEnds: () => ownEnds,
  }
}
