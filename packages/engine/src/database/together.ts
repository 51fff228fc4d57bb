/**
 * Runs independent statements of one transaction, which are then sent without waiting for each other. Where one fails, the
 * others end before it throws: none may be sent after its transaction.
 */
export async function together<Work extends readonly Promise<unknown>[] | []>(
  work: Work,
): Promise<{ -readonly [Index in keyof Work]: Awaited<Work[Index]> }> {
  await Promise.allSettled(work)
  return Promise.all(work)
}
