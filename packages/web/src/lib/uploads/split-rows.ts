/** Splits the beginning of a table into the cells of its rows; within quotes a cell may hold anything, a quote is doubled. */
export function splitRows(text: string, delimiter: string, most: number): string[][] {
  const rows: string[][] = []
  let cells: string[] = []
  let at = 0
  while (at < text.length && rows.length < most) {
    const [cell, end] = readCell(text, at, delimiter)
    cells.push(cell)
    at = end + 1
    if (text[end] === delimiter) {
      if (at >= text.length) cells.push('')
      else continue
    }
    rows.push(cells)
    cells = []
  }
  if (cells.length > 0) rows.push(cells)
  return rows
}

/** A cell and where it ends: at a delimiter, a line's end or the text's. */
function readCell(text: string, start: number, delimiter: string): [cell: string, end: number] {
  let at = start
  while (text[at] === ' ') at += 1
  if (text[at] !== '"') {
    const end = endOf(text, start, delimiter)
    return [text.slice(start, end).trim(), end]
  }
  let cell = ''
  for (at += 1; at < text.length; at += 1) {
    if (text[at] !== '"') cell += text[at]
    else if (text[at + 1] === '"') {
      cell += '"'
      at += 1
    } else break
  }
  return [cell, endOf(text, at + 1, delimiter)]
}

function endOf(text: string, from: number, delimiter: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === delimiter || text[at] === '\n') return at
  }
  return text.length
}
