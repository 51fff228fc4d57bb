import type { DayRule } from '@tributary/plugin-sdk'
import { wordsOf } from './columns.ts'
import { type ColumnType, isDuration } from './mapping.ts'

/** Units of what is counted, and of what has a level. */
const counted = new Set(
  'kcal kJ cal km [mi_i] m [ft_i] {steps} {reps} {floors} {EUR} {USD} {GBP} {CHF} mL L [foz_us] mg ug [iU] min h s d g [oz_av]'.split(
    ' ',
  ),
)
const levels = new Set(
  '% /min Cel [degF] mm[Hg] mg/dL mmol/L km/h [mi_i]/h m/s W mL/min/kg ms cm mm [in_i] kg [lb_av] [stone_av]'.split(
    ' ',
  ),
)

const lowest = /\b(min|minimum|lowest|low|tiefst\w*)\b/
const highest = /\b(max|maximum|highest|peak|höchst\w*)\b/
const averaged = /\b(avg\d*|average|mean|median|durchschnitt\w*|mittel\w*|moyenne|promedio)\b|ø/
const latest = /\b(goal|target|ziel|cumulative|odometer|so far)\b/
const surelyCounted =
  /\bcount\b|anzahl|number of|duration|dauer|durée|minutes|minuten|\bhours\b|stunden|seconds|burned|intake|\bgain\b|ascent|descent|consumed/
const energy = /calor|kalorien|kcal|energy burned|energy expend/
const metabolism = /\bbmr\b|metabol|\brate\b/
const weighed =
  /weight|gewicht|poids|\bpeso\b|\bmass\b|\bbmi\b|body|körper|muscle|muskel|bone|visceral|\bheight\b|größe|waist|taille|umfang|circumference/
const leveled =
  /heart|puls|herz|\bhr\b|\bbpm\b|temperat|\btemp\b|spo2|oxygen|sauerstoff|saturation|gluco|gluko|blood|blutzucker|pressure|druck|systol|diastol|mood|stimmung|score|rating|level|speed|geschwindigkeit|pace|tempo|cadence|frequenz|vo2|hrv|rmssd|sdnn|stress|humid|feucht|percent|prozent|\brate\b|ratio|price|quality|qualität|altitude|elevation|power|efficiency|index|\brpe\b|effort|pain|schmerz|readiness|resting|respirat|\bresp\b|atem|latitude|longitude|happiness|focus|ketone/
const counts =
  /step|schritt|\breps?\b|wiederholung|energy|distan|strecke|floor|stair|etage|stockwerk|amount|menge|total|gesamt|\bcups?\b|tasse|glass|gläser|coffee|kaffee|\btea\b|water|wasser|drink|alcohol|alkohol|\bbeers?\b|\bbier|wine|\bwein|cigar|zigar|push ?up|pull ?up|sit ?up|squats|pages|seiten|protein|eiweiß|carb|kohlenhydr|sugar|zucker|fiber|fibre|sodium|\bsalt\b|salz|\bcost|spent|expense|ausgaben|earned|income|\bsets?\b|laps?\b|dose|pills?\b|climbed|commits|words|sessions|visits|servings|portions|\bactive\b|\bmins?\b|miles|insulin|volume|quantity|sleep|schlaf|\btime\b/

/** What the rule of a day depends on beside the name of the column. */
interface ColumnFacts {
  type: ColumnType
  unit?: string | undefined
  /** Whether the table is one of meals. */
  meals: boolean
  /** Whether all rows of a moment repeat one value, as each set of a workout repeats how long the workout took. */
  repeated?: boolean
}

/** How the rows of a day become its value, by what a column is: counts and amounts are summed, levels averaged, a body's last. */
export function guessDay(
  column: string,
  { type, unit = '1', meals, repeated = false }: ColumnFacts,
): DayRule {
  const words = wordsOf(column)
  if (type === 'time' || type === 'text' || latest.test(words)) return 'last'
  if (averaged.test(words)) return 'mean'
  if (isDuration(type) && repeated) return 'last'
  if (isDuration(type)) return /pace|split|tempo/.test(words) ? 'mean' : 'sum'
  const level = levelRule(words, unit)
  if (level !== 'mean' && level !== 'last') return level
  if (surelyCounted.test(words) && !levels.has(unit)) return 'sum'
  if (levels.has(unit)) return isMass(unit) && /volume|total|lifted|amount/.test(words) ? 'sum' : level
  if (energy.test(words) && !metabolism.test(words)) return 'sum'
  if (counted.has(unit)) return leveled.test(words) || weighed.test(words) ? level : 'sum'
  // Of food, and not of a body.
  if (/\b(fat|fett|lipides|grasas?)\b/.test(words)) return meals ? 'sum' : 'mean'
  if (leveled.test(words) || weighed.test(words)) return level
  return counts.test(words) ? 'sum' : 'last'
}

/** How several levels of a day become one. */
function levelRule(words: string, unit: string): 'min' | 'max' | 'last' | 'mean' {
  const isLevel = leveled.test(words) || weighed.test(words) || levels.has(unit)
  if (isLevel && lowest.test(words)) return 'min'
  if (isLevel && highest.test(words)) return 'max'
  return isMass(unit) || weighed.test(words) ? 'last' : 'mean'
}

function isMass(unit: string): boolean {
  return unit === 'kg' || unit === '[lb_av]' || unit === '[stone_av]'
}

/** Whether a table is one of meals. */
export function isOfMeals(columns: readonly string[]): boolean {
  return columns.some((column) =>
    /protein|eiweiß|carb|kohlenhydr|calor|kalorien|kcal/i.test(column.slice(0, 200)),
  )
}
