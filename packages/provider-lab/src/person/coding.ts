import { minuteAt } from './local-day.ts'
import { seededRandom } from './random.ts'
import type { Random } from './random.ts'

/** A stretch of programming. Milliseconds from the epoch; no two of them overlap. */
export interface CodingBlock {
  readonly start: number
  readonly end: number
  readonly project: string
  readonly language: string
  readonly editor: string
  readonly category: 'Coding' | 'Debugging' | 'Writing Docs'
}

interface Project {
  readonly name: string
  readonly languages: readonly [string, ...string[]]
}

const PROJECTS: readonly [Project, ...Project[]] = [
  { name: 'tributary', languages: ['TypeScript', 'Svelte', 'SQL', 'Markdown'] },
  { name: 'garden-planner', languages: ['Python', 'YAML', 'Markdown'] },
  { name: 'Café & Söhne: shop', languages: ['C++', 'CMake'] },
  { name: 'dotfiles', languages: ['Bash'] },
]

/** By the wall clock, in minutes from midnight. The last one goes on past midnight now and then. */
const SITTINGS = [
  { from: 9 * 60, to: 10 * 60, atLeast: 40, atMost: 130 },
  { from: 13 * 60, to: 14 * 60, atLeast: 30, atMost: 150 },
  { from: 20 * 60 + 30, to: 22 * 60 + 30, atLeast: 20, atMost: 110 },
] as const

/** What is programmed on a day: on most working days, now and then at the weekend. */
export function planCoding(seed: string, date: string, zone: string): CodingBlock[] {
  const random = seededRandom(seed, 'coding', date)
  const freeDay = Temporal.PlainDate.from(date).dayOfWeek >= 6
  if (!random.chance(freeDay ? 0.3 : 0.88)) return []
  return SITTINGS.flatMap(({ from, to, atLeast, atMost }, index) => {
    if (!random.chance(index === 2 ? 0.35 : 0.9)) return []
    const start = minuteAt(date, random.integer(from, to), zone) * 60_000
    return sit(random, start, start + random.integer(atLeast, atMost) * 60_000)
  })
}

function sit(random: Random, from: number, until: number): CodingBlock[] {
  const project = pick(random, PROJECTS, 1.8)
  const editor = random.chance(0.85) ? 'VS Code' : 'Neovim'
  const blocks: CodingBlock[] = []
  let start = from + random.integer(0, 59_999)
  while (start < until) {
    const end = Math.min(until, start + random.integer(60_000, 25 * 60_000))
    const language = pick(random, project.languages, 1.6)
    const category = language === 'Markdown' ? 'Writing Docs' : random.chance(0.15) ? 'Debugging' : 'Coding'
    blocks.push({ start, end, project: project.name, language, editor, category })
    start = end + random.integer(5000, 6 * 60_000)
  }
  return blocks
}

/** The first of a list more often than the others, by how much `lean` says. */
function pick<T>(random: Random, list: readonly [T, ...T[]], lean: number): T {
  return list[Math.floor(random.between(0, 1) ** lean * list.length)] ?? list[0]
}
