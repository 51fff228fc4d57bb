import { asObject } from '../../http/as-object.ts'
import { invalid } from './refusals.ts'

/** The object, in which Google takes no field that it does not know. */
export function onlyKnown(value: unknown, known: readonly string[], at: string): Record<string, unknown> {
  const object = asObject(value)
  if (!object) throw invalid(undefined, `Invalid JSON payload received. ${at} is missing.`)
  const unknown = Object.keys(object).find((name) => !known.includes(name))
  if (unknown) {
    const place = at ? ` at '${at}'` : ''
    throw invalid(
      undefined,
      `Invalid JSON payload received. Unknown name "${unknown}"${place}: Cannot find field.`,
    )
  }
  return object
}
