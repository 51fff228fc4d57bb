/**
 * Why a daily value changed: an import or a file brought it, a remap, an entry by hand; another time zone, order of sources or
 * connected account; or what it came from was removed.
 */
export type ChangeCause =
  'import' | 'file' | 'remap' | 'manual' | 'time-zone' | 'order' | 'account' | 'removed'
