/** The stream that deliveries are archived under; no plugin may declare one of this name. */
export const pushStream = 'push'
