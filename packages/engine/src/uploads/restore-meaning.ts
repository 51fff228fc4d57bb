import type { FileFormat, PluginDeclaration } from '@tributary/plugin-sdk'
import type { Transaction } from '../database/database.ts'
import { rollUpDays } from '../values/roll-up.ts'
import { always, rollUpKinds } from '../values/roll-up-kinds.ts'
import { touchedDays } from '../values/touched-days.ts'
import { writeFields } from '../values/write-fields.ts'
import type { Parts } from '../parts.ts'
import { callFormat } from './call-format.ts'

/** Gives the columns of a user's files the meaning that the files which are left say, the newest last, and recomputes their days. */
export async function restoreMeaning(
  parts: Pick<Parts, 'registry' | 'log'>,
  db: Transaction,
  plugin: PluginDeclaration,
  into: { userId: string; sourceId: string; zone: string },
): Promise<void> {
  const left = await db
    .selectFrom('uploads')
    .innerJoin('fetches', 'fetches.upload_id', 'uploads.id')
    .select('uploads.mapping')
    .where('uploads.user_id', '=', into.userId)
    .where('uploads.source_id', '=', into.sourceId)
    .where('uploads.undone_at', 'is', null)
    .where('fetches.covered_at', 'is not', null)
    .orderBy('uploads.layer')
    .execute()
  const format = plugin.files as FileFormat | undefined
  const fields = await callFormat(parts, plugin.id, () =>
    Object.assign({}, ...left.map(({ mapping }) => format?.fields(mapping))),
  )
  const { changed, kinds } = await writeFields(db, into, fields)
  if (!changed) return
  const days = await touchedDays(db, into)
  const by = { userId: into.userId, cause: 'removed' } as const
  await rollUpDays(db, { ...into, ...by, fields: Object.keys(fields), days })
  await rollUpKinds(db, by, kinds, always)
}
