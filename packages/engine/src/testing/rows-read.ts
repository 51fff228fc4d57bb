import { type RawBuilder, sql } from 'kysely'
import type { Transaction } from '../database/database.ts'

interface Plan {
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: Plan[]
}

/** Runs a query and counts the rows that its scans read, those that a filter threw away included. */
export async function rowsRead(db: Transaction, query: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{
    'QUERY PLAN': { Plan: Plan }[]
  }>`explain (analyze, format json) ${query}`.execute(db)
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan
  if (!plan) throw new Error('the database explained nothing')
  return scanned(plan)
}

function scanned({ Plans: children = [], ...plan }: Plan): number {
  if (children.length > 0) return children.reduce((sum, child) => sum + scanned(child), 0)
  return (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']
}
