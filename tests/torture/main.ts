/**
 * Starts the application as a user does, troubles it in many ways and checks that it copes.
 *
 * `npm run torture` plays all scenarios, `npm run torture -- NAME…` those named; TORTURE_FACTOR multiplies every allowed
 * duration on a slow machine. One line each; ends with 1 where one failed.
 */
import { type Outcome, runScenario } from './run-scenario.ts'
import { NotPossibleHere } from './scenario.ts'
import { scenarios } from './scenarios.ts'

const factor = Number(process.env['TORTURE_FACTOR'] ?? 1)
const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => ending.abort(new Error('The torture was ended.')))
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(scenarios)

function describe({ done, others, compared, load }: Outcome): string {
  return [
    `${done}`,
    `others: ${others.requests} requests, slowest ${Math.round(others.slowestMs)} ms, ` +
      `${others.unavailable} × 503 (at most ${Math.round(others.longestOutageMs)} ms), ${others.failed.length} failed`,
    `values: ${compared.values} compared, ${compared.wrong.length} wrong`,
    `load ${load.toFixed(1)}`,
  ].join('; ')
}

async function play(name: string): Promise<boolean> {
  const scenario = scenarios[name]
  if (!scenario) {
    console.error(`There is no scenario "${name}", only ${Object.keys(scenarios).join(', ')}.`)
    return false
  }
  try {
    const outcome = await runScenario(scenario, { factor, signal: ending.signal })
    console.log(`${outcome.faults.length > 0 ? 'failed' : 'passed'}  ${name}: ${describe(outcome)}`)
    for (const fault of outcome.faults) console.log(`        ${fault}`)
    return outcome.faults.length === 0
  } catch (error) {
    if (!(error instanceof NotPossibleHere)) throw error
    console.log(`skipped ${name}: ${error.message}`)
    return true
  }
}

let failed = 0
for (const name of names) if (!(await play(name))) failed += 1
console.log(`${names.length - failed} of ${names.length} scenarios passed`)
process.exit(failed === 0 ? 0 : 1)
