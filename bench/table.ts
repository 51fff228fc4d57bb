import type { Result } from './result.ts'

/** A table as docs/performance.md holds it. */
export function toTable(results: Result[]): string {
  const rows = results.map(({ name, peakMemoryMb, ...figures }) => {
    const said = Object.entries(figures).map(([key, value]) => `${key} ${show(value)}`)
    return `| ${name} | ${said.join(', ')} | ${peakMemoryMb} MB |`
  })
  return ['| benchmark | figures | peak memory |', '|---|---|---|', ...rows].join('\n')
}

function show(value: Result[string]): string {
  if (typeof value !== 'object') return String(value)
  return Object.entries(value)
    .map(([key, number]) => `${key} ${number}`)
    .join(' + ')
}
