import encodeQR from 'qr'

/** The modules around the code that stay light, ISO/IEC 18004, 9.1. */
const quietZone = 4

/** Draws a text as a QR code: the dark modules as the path of a picture that is `size` modules wide and high. */
export function qrPath(text: string): { size: number; path: string } {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: quietZone })
  const path = rows
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('')
  return { size: rows.length, path }
}
