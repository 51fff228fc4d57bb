/**
 * Runs independent statements of one transaction, which are then sent without waiting for each other. Where one fails, the
 * others end before it throws: none may be sent after its transaction.
 */
export async function together<Results extends readonly unknown[]>(
  work: readonly [...{ [Index in keyof Results]: Promise<Results[Index]> }],
): Promise<Results> {
  await Promise.allSettled(work)
  return (await Promise.all(work)) as unknown as Results
}
