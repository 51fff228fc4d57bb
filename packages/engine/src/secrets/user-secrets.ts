import type { Transaction } from '../database/database.ts'
import { SealError, type Sealer, type UserPlace } from './sealer.ts'

/** Seals a secret of a user by that user's data key, which the first secret makes. */
export async function sealForUser(
  db: Transaction,
  sealer: Sealer,
  secret: string,
  place: UserPlace,
): Promise<Buffer> {
  return sealer.sealForUser(
    (await readKey(db, place.user)) ?? (await makeKey(db, sealer, place.user)),
    secret,
    place,
  )
}

/** Opens a secret of a user. Throws `SealError`, also where the user and so the key is gone. */
export async function openForUser(
  db: Transaction,
  sealer: Sealer,
  sealed: Buffer,
  place: UserPlace,
): Promise<string> {
  const key = await readKey(db, place.user)
  if (!key) throw new SealError('The key of this user is gone, and what it sealed with it.')
  return sealer.openForUser(key, sealed, place)
}

async function readKey(db: Transaction, userId: string): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('user_keys')
    .select('wrapped_key')
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row?.wrapped_key
}

/** Of transactions that make it at the same moment one does, and all take that one. */
async function makeKey(db: Transaction, sealer: Sealer, userId: string): Promise<Buffer> {
  await db
    .insertInto('user_keys')
    .values({ user_id: userId, wrapped_key: sealer.makeUserKey(userId) })
    .onConflict((conflict) => conflict.column('user_id').doNothing())
    .execute()
  const key = await readKey(db, userId)
  if (!key) throw new Error('the key of a user vanished while it was made')
  return key
}
