import { benchmarks, isBenchmark } from './benchmarks.ts'
import { peakMemoryMb } from './peak-memory.ts'

const [name = '', databaseUrl = ''] = process.argv.slice(2)
if (!isBenchmark(name)) throw new Error(`There is no benchmark "${name}".`)
const figures = await benchmarks[name](databaseUrl)
process.stdout.write(JSON.stringify({ name, peakMemoryMb: peakMemoryMb(), ...figures }), () => process.exit())
