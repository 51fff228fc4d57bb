import { z } from 'zod'
import { anybody, endpoint, json } from '../endpoint.ts'
import { bodyMessage, success } from '../schemas/success.ts'

const text = z.string('must be a text')

export const authEndpoints = {
  signIn: endpoint({
    method: 'POST',
    path: '/api/auth/sign-in/email',
    ...anybody,
    summary: 'Sign in by e-mail address and password',
    description: 'Sets the cookie of a session. `secondStep`: a code is needed before anybody is signed in.',
    body: z.strictObject({ email: text, password: text }, bodyMessage),
    answer: json(z.object({ success: z.boolean(), secondStep: z.boolean() })),
    problems: ['wrong-password', 'disabled', 'too-many-attempts', 'busy'],
  }),
  enterCode: endpoint({
    method: 'POST',
    path: '/api/auth/sign-in/code',
    ...anybody,
    summary: 'Take the second step of signing in',
    body: z.strictObject({ code: text.describe('A code of the app, or a backup code.') }, bodyMessage),
    answer: json(success),
    problems: ['wrong-code', 'sign-in-again', 'disabled', 'too-many-attempts'],
  }),
  signOut: endpoint({
    method: 'POST',
    path: '/api/auth/sign-out',
    ...anybody,
    summary: 'Sign out',
    answer: json(success),
  }),
}
