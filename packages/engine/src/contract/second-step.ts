import type { SecondStepStatus } from '@tributary/api'
import type { SignedIn } from './signed-in.ts'

/** The second step of signing in: a code of an app, or one of ten backup codes. */
export interface SecondStep {
  read(userId: string): Promise<SecondStepStatus>
  /** Makes a secret for an app, which counts when `confirm` has seen a code. Throws `Problem` 422 (wrong password), 409 (on already). */
  begin(signedIn: SignedIn, password: string): Promise<{ secret: string; link: string }>
  /** Turns it on and gives the backup codes, this once. Throws `Problem` 422. */
  confirm(signedIn: SignedIn, code: string): Promise<string[]>
  /** Throws `Problem` 422 (wrong password). */
  turnOff(signedIn: SignedIn, password: string): Promise<void>
}
