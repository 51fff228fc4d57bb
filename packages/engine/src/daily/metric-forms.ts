import { type Kind, kindNames } from '@tributary/api/kind-names'
import { type Field, kinds } from '@tributary/plugin-sdk'
import type { ManualType, MetricForm } from '../contract/engine.ts'
import type { Transaction } from '../database/database.ts'
import { together } from '../database/together.ts'
import { declaredField, readOwnFields } from '../sources/find-field.ts'
import type { Registry } from '../sources/registry.ts'

/** What the values of any metric mean: of a source's field, of a kind, or of what is entered by hand; `undefined`: there is none. */
export async function readMetricForms(
  db: Transaction,
  registry: Registry,
  userId: string,
): Promise<(metric: string) => MetricForm | undefined> {
  const [own, templates] = await together([
    readOwnFields(db),
    db.selectFrom('metric_templates').select('metrics').where('user_id', '=', userId).execute(),
  ])
  const entered = new Map(
    templates
      .flatMap(({ metrics }) => metrics)
      .flatMap((metric) => (metric.type === 'manual' ? [[metric.id, metric]] : [])),
  )
  return (metric) => {
    const [owner = '', id = '', ...rest] = metric.split('.')
    if (rest.length > 0) return undefined
    if (owner === 'metric') return Object.hasOwn(kinds, id) ? formOfKind(id as Kind) : undefined
    if (owner !== 'manual') {
      const field = declaredField(registry, owner, id) ?? own.get(owner)?.[id]
      return field && formOfField(field)
    }
    const found = entered.get(id)
    return found && { name: found.name, ...measure(found.valueType, found.unit), kind: null }
  }
}

function formOfKind(kind: Kind): MetricForm {
  const { type, unit }: { type: Field['type']; unit?: string } = kinds[kind]
  return { name: kindNames[kind], ...measure(type, unit), kind }
}

function formOfField({ name, type, unit, kind }: Field): MetricForm {
  return { name, ...measure(type, unit), kind: kind ?? null }
}

/** A type with the unit of the numbers as which its values are stored. */
function measure<Type extends Field['type'] | ManualType>(type: Type, unit: string | null = null) {
  return { type, unit: type === 'duration' ? 's' : type === 'time' ? 'min' : unit }
}
