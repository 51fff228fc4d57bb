export { checkPlugin, type CheckResult, checks } from './check-plugin.ts'
export { describePlugin } from './describe-plugin.ts'
export {
  isFile,
  type Lab,
  type LabEnvironment,
  type Simulated,
  type SimulatedData,
  type SimulatedFile,
  type SimulatedService,
  type SourceFile,
} from './lab.ts'
export type {
  ConnectionStatus,
  DayValues,
  ImportOutcome,
  Installation,
  InterferingResponse,
  Interference,
  PluginHost,
  TestUser,
} from './plugin-host.ts'
export type { Check, Paging, PluginSuite, Subject, TestedPlugin } from './suite.ts'
