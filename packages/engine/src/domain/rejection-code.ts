/** `unreadable`: its record is not as expected; `implausible`: it was read, and its value is physically impossible. */
export type RejectionCode = 'unreadable' | 'implausible'
