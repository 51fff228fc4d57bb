import { writeSync } from 'node:fs'
import { peakMemoryMb } from './peak-memory.ts'

/** Imported before a process's own code: says at its end how much memory it held, where it was given a way to. */
process.once('exit', () => writeSync(3, String(peakMemoryMb())))
