/** Whose series: a user's account at a source. */
export interface SourceAccount {
  userId: string
  sourceId: string
  accountId: string
}

/** Uploads have no account at a provider; all of a user's belong together. */
export const uploadsAccount = 'uploads'
