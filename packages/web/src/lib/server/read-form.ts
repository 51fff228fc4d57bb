import { error } from '@sveltejs/kit'

/** The fields of a page's form. Throws the error page 400 where the body is no form that can be read. */
export async function readForm(request: Request): Promise<FormData> {
  try {
    return await request.formData()
  } catch {
    error(400, 'The form could not be read; load the page again and send it once more.')
  }
}
