import { createHmac, randomBytes } from 'node:crypto'
import { audit } from '../audit/audit.ts'
import type { Transaction } from '../database/database.ts'
import { together } from '../database/together.ts'
import type { SecondStep } from '../contract/engine.ts'
import type { Parts } from '../parts.ts'
import { Problem } from '../domain/problem.ts'
import { openForUser, sealForUser } from '../secrets/user-secrets.ts'
import type { Attempts } from './attempts.ts'
import { confirmPassword } from './confirm-password.ts'
import { findSpan, toBase32 } from './time-codes.ts'

const backupCodes = 10

/** The second step, and how a code of it is checked. */
export interface SecondSteps extends SecondStep {
  /** Uses up a code of the app or a backup code; `undefined` where it is neither, or was used before. */
  use(userId: string, code: string): Promise<true | undefined>
}

export function createSecondSteps(
  {
    database,
    sealer,
    installationSecrets,
    clock,
  }: Pick<Parts, 'database' | 'sealer' | 'installationSecrets' | 'clock'>,
  attempts: Attempts,
): SecondSteps {
  const key = installationSecrets['backup codes']
  const hashOf = (code: string) => createHmac('sha256', key).update(code).digest()
  const place = (userId: string) => ({ table: 'second_steps', column: 'secret', row: userId, user: userId })

  /** The app's secret takes each span once, and only forward: a code that was seen over a shoulder is worth nothing. */
  async function useOfApp(db: Transaction, userId: string, code: string): Promise<boolean> {
    const row = await db
      .selectFrom('second_steps')
      .select('secret')
      .where('user_id', '=', userId)
      .executeTakeFirst()
    const secret = row && Buffer.from(await openForUser(db, sealer, row.secret, place(userId)), 'base64')
    const span = secret && findSpan(secret, code, clock.now())
    if (span === undefined) return false
    const used = await db
      .updateTable('second_steps')
      .set({ last_span: span })
      .where('user_id', '=', userId)
      .where('last_span', '<', span)
      .returning('user_id')
      .executeTakeFirst()
    return used !== undefined
  }

  async function useBackup(db: Transaction, userId: string, code: string): Promise<boolean> {
    const used = await db
      .deleteFrom('backup_codes')
      .where('user_id', '=', userId)
      .where('code_hash', '=', hashOf(code))
      .returning('user_id')
      .executeTakeFirst()
    if (used) await audit(db, { action: 'second-step.backup-code', actor: userId })
    return used !== undefined
  }

  return {
    read: (userId) => database.asSystem((db) => readState(db, userId)),

    async begin(signedIn, password) {
      await confirmPassword(database, attempts, signedIn, password)
      const { id, email } = signedIn.user
      const secret = randomBytes(20)
      const sealed = await database.asUser(id, (db) =>
        sealForUser(db, sealer, secret.toString('base64'), place(id)),
      )
      await database.asSystem(async (db) => {
        await db
          .deleteFrom('second_steps')
          .where('user_id', '=', id)
          .where('confirmed_at', 'is', null)
          .execute()
        const made = await db
          .insertInto('second_steps')
          .values({ user_id: id, secret: sealed })
          .onConflict((conflict) => conflict.column('user_id').doNothing())
          .returning('user_id')
          .executeTakeFirst()
        if (!made) throw new Problem(409, 'second-step-on', 'It is on already. Turn it off first.')
      })
      const typed = toBase32(secret)
      const query = new URLSearchParams({ secret: typed, issuer: 'Tributary' })
      return { secret: typed, link: `otpauth://totp/Tributary:${encodeURIComponent(email)}?${query}` }
    },

    async confirm({ user }, code) {
      const codes = Array.from({ length: backupCodes }, () => toBase32(randomBytes(10)).toLowerCase())
      const right = await attempts.make([{ kind: 'code', name: user.id, of: user.id }], () =>
        database.asSystem(async (db) => {
          if (!(await useOfApp(db, user.id, normal(code)))) return undefined
          await db
            .updateTable('second_steps')
            .set({ confirmed_at: clock.now().toString() })
            .where('user_id', '=', user.id)
            .execute()
          await db.deleteFrom('backup_codes').where('user_id', '=', user.id).execute()
          await db
            .insertInto('backup_codes')
            .values(codes.map((backup) => ({ user_id: user.id, code_hash: hashOf(backup) })))
            .execute()
          await audit(db, { action: 'second-step.on', actor: user.id })
          return true as const
        }),
      )
      if (!right)
        throw new Problem(
          422,
          'wrong-code',
          'This is not the code that your app shows now. Try the next one.',
        )
      return codes.map((backup) => backup.replaceAll(/(.{4})(?=.)/g, '$1-'))
    },

    async turnOff(signedIn, password) {
      await confirmPassword(database, attempts, signedIn, password)
      await database.asSystem(async (db) => {
        const { id } = signedIn.user
        const { on } = await readState(db, id)
        for (const table of ['second_steps', 'backup_codes', 'pending_sign_ins'] as const)
          await db.deleteFrom(table).where('user_id', '=', id).execute()
        if (on) await audit(db, { action: 'second-step.off', actor: id })
      })
    },

    use: (userId, code) =>
      database.asSystem(async (db) => {
        const typed = normal(code)
        return (await useOfApp(db, userId, typed)) || (await useBackup(db, userId, typed)) || undefined
      }),
  }
}

async function readState(db: Transaction, userId: string): ReturnType<SecondStep['read']> {
  const [row, { left }] = await together([
    db.selectFrom('second_steps').select('confirmed_at').where('user_id', '=', userId).executeTakeFirst(),
    db
      .selectFrom('backup_codes')
      .select(({ fn }) => fn.countAll<string>().as('left'))
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow(),
  ])
  return { on: row ? row.confirmed_at !== null : false, backupCodes: Number(left) }
}

/** A code as it was given, however it was typed. */
function normal(code: string): string {
  return code.replaceAll(/[\s-]/g, '').toLowerCase()
}
