import { openConnection } from './connection.ts'
import { findRoleFaults } from './role-faults.ts'

/** The roles of the database are not as they must be; the message is one sentence for the person who starts it. */
export class RolesError extends Error {}

/** Refuses to start where a role of ours may do more than it should, or a table of users is open. */
export async function checkRoles(url: string): Promise<void> {
  const client = await openConnection({ url, long: true })
  try {
    const [fault] = await findRoleFaults(client)
    if (fault)
      throw new RolesError(`The database does not keep users apart: ${fault.says}; run: ${fault.mend};`)
  } finally {
    await client.end()
  }
}
