/** Everything that the audit log tells of, with the words in which admins read it. */
export const auditActions = {
  'session.signed-in': 'Signed in',
  'session.refused': 'Sign-in refused',
  'session.signed-out': 'Signed out',
  'account.created': 'Account made',
  'user.invited': 'Somebody invited',
  'user.disabled': 'User disabled',
  'user.enabled': 'User enabled',
  'user.role-changed': 'Role changed',
  'configuration.changed': 'Setting changed',
  'configuration.removed': 'Setting removed',
  'simulation.on': 'Simulation switched on',
  'simulation.off': 'Simulation switched off',
  'connection.connected': 'Source connected',
  'connection.disconnected': 'Source disconnected',
  'connection.refused': 'Access ended by the source',
  'keys.rotated': 'New key',
  'keys.re-encrypted': 'Secrets sealed by the new key',
} as const

export type AuditAction = keyof typeof auditActions
