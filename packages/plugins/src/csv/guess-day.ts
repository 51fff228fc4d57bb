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

const lowest = /(?<!\p{L})(min|minimum|lowest|low|tiefst\w*|m[íi]nim[oae]s?|minimale?s?)(?!\p{L})/u
const highest =
  /(?<!\p{L})(max|maximum|highest|peak|höchst\w*|m[áàa]xim[oae]s?|massim[oa]|maximale?s?)(?!\p{L})/u
const averaged =
  /(?<!\p{L})(avg\d*|average|mean|median|durchschnitt\w*|mittel\w*|moyenne?s?|promedio|medi[oa]|médi[oa]|gemiddelde?)(?!\p{L})|ø/u
/** Of the times or paces of a workout, the best one of several is the shortest. */
const best =
  /(?<!\p{L})(best|fastest|beste[rsn]?|schnellste\w*|mejor|óptim[oa]|meilleure?|miglior\w*|melhor)(?!\p{L})/u
const latest = /\b(goal|target|ziel|cumulative|odometer|so far)\b/
/** Loads of training add up, whatever they are called. */
const load = /training (stress|load)|\btss\b|\btrimp\b|relative effort|suffer score/
const surelyCounted =
  /\bcount\b|anzahl|number of|duration|dauer|durée|duraci|durata|minutes|minuten|\bhours\b|stunden|seconds|burned|intake|\bgain\b|ascent|descent|consumed/
const energy = /calor|kalorien|kcal|énergie|energy burned|energy expend/
const spanName =
  /duration|dauer|durée|duraci|durata|sleep|schlaf|asleep|awake|in bed|elapsed|moving|total|\btime\b/
const metabolism = /\bbmr\b|metabol|\brate\b/
const weighed =
  /weight|gewicht|poids|\bpeso\b|\bmass\b|\bbmi\b|body|körper|muscle|muskel|bone|visceral|\bheight\b|größe|waist|taille|umfang|circumference/
const leveled =
  /heart|puls|herz|card[ií]ac|frecuencia|fréquence|freq[uü]ência|\bhr\b|\bbpm\b|temperat|\btemp\b|spo2|oxygen|sauerstoff|saturation|gluco|gluko|blood|blutzucker|pressure|druck|systol|diastol|mood|stimmung|score|rating|level|speed|geschwindigkeit|pace|tempo\b|ritmo|cadence|cadenc|frequenz|vo2|hrv|rmssd|sdnn|stress|humid|feucht|percent|prozent|\brate\b|ratio|price|quality|qualität|altitude|elevation|altura|altitud|power|potencia|leistung|puissance|efficiency|index|\brpe\b|effort|pain|schmerz|readiness|resting|respirat|\bresp\b|atem|latitude|longitude|happiness|focus|ketone/
const counts =
  /step|schritt|\bpasos\b|\bpassi\b|\bpassos\b|\bpas\b|número de|nombre de|numero di|\breps?\b|wiederholung|energy|distan|strecke|floor|stair|etage|stockwerk|amount|menge|total|gesamt|\bcups?\b|tasse|glass|gläser|coffee|kaffee|\btea\b|water|wasser|drink|alcohol|alkohol|\bbeers?\b|\bbier|wine|\bwein|cigar|zigar|push ?up|pull ?up|sit ?up|squats|pages|seiten|protein|eiweiß|carb|kohlenhydr|sugar|zucker|fiber|fibre|sodium|\bsalt\b|salz|\bcost|spent|expense|ausgaben|earned|income|\bsets?\b|laps?\b|dose|pills?\b|climbed|commits|words|sessions|visits|servings|portions|\bactive\b|\bmins?\b|miles|insulin|volume|quantity|sleep|schlaf|\btime\b/

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
  if (load.test(words)) return 'sum'
  if (isDuration(type) && best.test(words)) return 'min'
  const span = isDuration(type) || isCountedTime(words, unit)
  if (span && repeated) return 'last'
  if (span) return /pace|split|tempo|ritmo|allure|andatura/.test(words) ? 'mean' : 'sum'
  if (highest.test(words) && !surelyCounted.test(words)) return 'max'
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

/** Whether numbers are lengths of time: those in milliseconds may be of a heart instead. */
function isCountedTime(words: string, unit: string): boolean {
  if (unit === 'ms') return spanName.test(words) && !leveled.test(words)
  return unit === 'min' || unit === 'h' || (unit === 's' && spanName.test(words))
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
