import type { ManualType } from '@tributary/engine'

/** The types of what is entered by hand, in words, in the order in which they are offered. */
export const manualTypes: { value: ManualType; name: string; example: string }[] = [
  { value: 'number', name: 'Number', example: 'such as 2 coffees' },
  { value: 'duration', name: 'Duration', example: 'such as 1:30 of reading' },
  { value: 'time', name: 'Time', example: 'such as lunch at 12:45' },
  { value: 'yes-no', name: 'Yes or no', example: 'such as vitamins taken' },
  { value: 'text', name: 'Text', example: 'such as how the day was' },
]

/** The name of a type, e.g. `Yes or no`. */
export function manualTypeName(type: ManualType): string {
  return manualTypes.find(({ value }) => value === type)?.name ?? type
}
