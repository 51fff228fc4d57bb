import { storeMeasurements } from './stored.ts'

await storeMeasurements(process.argv[2] ?? '')
