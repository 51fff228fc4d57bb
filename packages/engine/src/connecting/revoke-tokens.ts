import type { PluginDeclaration } from '@tributary/plugin-sdk'
import type { Parts } from '../parts.ts'

/** Hands tokens back at the provider by `ask`; `false`: it has no way to, or did not take them. */
export async function revokeTokens(
  { log }: Pick<Parts, 'log'>,
  { id, auth }: PluginDeclaration,
  ask: () => Promise<void>,
): Promise<boolean> {
  if (auth.type !== 'oauth2' || !auth.revokeUrl) return false
  try {
    await ask()
    return true
  } catch (error) {
    log.warn({ source: id, code: (error as { code?: string }).code }, 'a token could not be revoked')
    return false
  }
}
