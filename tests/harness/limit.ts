/** How long a test waits for something that always comes: long enough for a busy machine, and so no measure of speed. */
export const limitMs = 120_000
