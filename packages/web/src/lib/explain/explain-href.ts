/** The address of the page that says where a value of a day comes from. */
export const explainHref = (metric: string, day: string): string =>
  `/metrics/${encodeURIComponent(metric)}/${day}`
