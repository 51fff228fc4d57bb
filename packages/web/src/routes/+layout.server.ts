export const load = async ({ locals }) => {
  const signedIn = await locals.identify()
  if (!signedIn) return { user: null }
  const { name, email, role, timeZone } = signedIn.user
  return { user: { name, email, role, timeZone } }
}
