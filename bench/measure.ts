import { benchmarks, isBenchmark } from './benchmarks.ts'

const [name = '', databaseUrl = ''] = process.argv.slice(2)
if (!isBenchmark(name)) throw new Error(`There is no benchmark "${name}".`)
const figures = await benchmarks[name](databaseUrl)
const peakMemoryMb = Math.round(process.resourceUsage().maxRSS / 1024)
process.stdout.write(JSON.stringify({ name, ...figures, peakMemoryMb }))
