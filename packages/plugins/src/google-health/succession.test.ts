import { expect, test } from 'vitest'
import { fitbit } from '../fitbit/fitbit.ts'
import { googleFit } from '../google-fit/google-fit.ts'
import { googleHealth } from './google-health.ts'

const own = Object.values(googleHealth.plugin.fields)

test.each([
  [fitbit, ['cardio-load', 'readiness']],
  [googleFit, []],
])(
  'each kind goes on in the same unit here, but for those that Google Health has not',
  ({ plugin }, ended) => {
    expect(plugin.successor).toBe(googleHealth.plugin.id)
    const kinds = Object.values(plugin.fields).filter(({ kind }) => kind !== undefined)
    const missing = kinds.filter(({ kind }) => !own.some((field) => field.kind === kind))
    expect(missing.map(({ kind }) => kind)).toEqual(ended)
    for (const { kind, type, unit } of kinds) {
      const next = own.find((field) => field.kind === kind)
      if (next) expect([kind, next.type, next.unit]).toEqual([kind, type, unit])
    }
  },
)
