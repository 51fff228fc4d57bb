/** Runs npm scripts at the same time, prints the output of each when it ends, and ends with 1 if one failed. */
import { spawn } from 'node:child_process'

async function runScript(name: string): Promise<boolean> {
  const child = spawn('npm', ['run', name], { stdio: ['ignore', 'pipe', 'pipe'], shell: true })
  const output: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => output.push(piece))
  const { promise, resolve } = Promise.withResolvers<number | null>()
  child.once('close', resolve)
  const code = await promise
  process.stdout.write(Buffer.concat(output))
  return code === 0
}

const passed = await Promise.all(process.argv.slice(2).map(runScript))
process.exitCode = passed.every(Boolean) ? 0 : 1
