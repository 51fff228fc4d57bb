export { engineHost } from './engine-host.ts'
export { labOf, type LabSource } from './lab-of.ts'
