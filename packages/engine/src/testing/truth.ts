/** A day as it truly was in the life of the simulated person; `null`: there is no such value. */
export interface TrueDay {
  date: string
  steps: number | null
  sleepMinutes: number | null
  bedTime: number | null
  wakeUpTime: number | null
  restingHeartRate: number | null
}

export async function readTruth(
  labUrl: string,
  source: string,
  { from, to }: { from: string; to: string },
): Promise<TrueDay[]> {
  const response = await fetch(`${labUrl}/truth/${source}?from=${from}&to=${to}`)
  if (!response.ok) throw new Error(`no truth: ${response.status} ${await response.text()}`)
  const { days } = (await response.json()) as { days: TrueDay[] }
  return days
}
