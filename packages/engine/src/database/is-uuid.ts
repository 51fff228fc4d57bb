const form = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether a text can be the id of a row; PostgreSQL would refuse any other with an error of its own. */
export function isUuid(text: string): boolean {
  return form.test(text)
}
