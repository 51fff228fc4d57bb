import type { DayValues } from './plugin-host.ts'

/** Starts the simulated source that a plugin is checked against: one of the provider lab, or one that the plugin's author wrote. */
export interface Lab {
  start(environment: LabEnvironment): Promise<Simulated>
}

export interface LabEnvironment {
  /** The time of the installation, which the simulated source must have too. */
  now(): Temporal.Instant
  /** The redirect URI that the installation registered at the source. */
  redirectUri: string
}

export type Simulated = SimulatedService | SimulatedFile

/** The data of a simulated source, and what is true of it. */
export interface SimulatedData {
  /** The zone in which its days are cut. */
  readonly zone: string
  /** What an import now must come to, for every day of a range; `null` for a value that there is none of. */
  days(from: string, to: string): Promise<DayValues[]>
  /** Corrects values of that day at the source, from now on. */
  revise(date: string): void
  /** Deletes all that the source has of that day, from now on. */
  remove(date: string): void
  close?(): Promise<void>
}

/** A simulated service: a request to `https://api.example.com/v1/days` arrives at `URL/v1/days`. */
export interface SimulatedService extends SimulatedData {
  readonly url: string
  /** The client that it issued to the installation, or the key that it issued to the user. */
  readonly credentials: { clientId: string; clientSecret: string } | { key: string }
  /**
   * Allows the access as a user does at the address to which the browser is sent, and returns the parameters of the callback.
   * Default: posts the form of the provider lab's page, `decision=allow` with every `scope`.
   */
  consent?(address: URL): Promise<URLSearchParams>
}

/** A file that a user uploads. */
export interface SimulatedFile extends SimulatedData {
  /** As it is exported now. */
  file(): SourceFile
}

export interface SourceFile {
  fileName: string
  content: string
  /** How it is read; default: what the plugin guesses. */
  mapping?: unknown
}

export function isFile(source: Simulated): source is SimulatedFile {
  return 'file' in source
}
