/** A file's size for people, e.g. `1.4 MB`. */
export function fileSize(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB']
  let size = bytes
  let unit = 0
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit += 1
  }
  const digits = unit > 0 && size < 10 ? 1 : 0
  return `${size.toLocaleString('en', { maximumFractionDigits: digits })} ${bytes === 1 ? 'byte' : units[unit]}`
}
