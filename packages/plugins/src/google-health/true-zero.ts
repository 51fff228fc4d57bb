import { z } from 'zod'

/**
 * An object whose number Google leaves out where it is zero: "empty records (omitting the metric-specific field like count)
 * represent true zeros", and a roll-up has no window for a time in which no device was worn
 * (developers.google.com/health/data-presence-and-true-zeros).
 *
 * Only an object with no member but the others of the schema is read so: an unknown one may be the number by another name.
 */
export function withTrueZero<Schema extends z.ZodObject>(
  schema: Schema,
  number: keyof Schema['shape'] & string,
): z.ZodType<z.output<Schema>> {
  const others = Object.keys(schema.shape).filter((member) => member !== number)
  return z.preprocess((value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.keys(value).every((member) => others.includes(member)) ? { ...value, [number]: 0 } : value
  }, schema)
}

/** An object with some of these members, or without any; one with unknown members alone cannot be read. */
export function someOf<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape)
  return z
    .looseObject(shape)
    .refine((value) => Object.keys(value).length === 0 || names.some((name) => name in value), {
      error: `It has none of ${names.join(', ')}.`,
    })
}
