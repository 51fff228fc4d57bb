import { isTimeZone } from '@tributary/api'

const shortestPassword = 10
const longestPassword = 128

/** What is wrong with a new account, a sentence for each field, or for the form as a whole. */
export interface AccountFaults {
  name?: string
  email?: string
  password?: string
  form?: string
}

interface Entered {
  name: string
  email: string
  password: string
  timeZone: string
}

/** Checks what a person entered to make an account; a zone that is none counts as not given. */
export function checkNewAccount(entered: Entered): {
  account: { name: string; email: string; password: string; timeZone?: string }
  faults: AccountFaults
} {
  const name = entered.name.trim()
  const email = entered.email.trim()
  const { password, timeZone } = entered
  const faults: AccountFaults = {}
  if (name === '') faults.name = 'Enter your name.'
  else if (name.length > 100) faults.name = 'Enter a name of at most 100 characters.'
  if (!isEmailAddress(email)) faults.email = 'Enter an e-mail address such as ada@example.org.'
  if (password.length < shortestPassword)
    faults.password = `Choose a password of at least ${shortestPassword} characters.`
  else if (password.length > longestPassword)
    faults.password = `Choose a password of at most ${longestPassword} characters.`
  return { account: { name, email, password, ...(isTimeZone(timeZone) && { timeZone }) }, faults }
}

/** Puts the engine's reason for refusing an account at the field that it is about. */
export function explainRefusal({ code, message }: { code: string; message: string }): AccountFaults {
  if (/password/i.test(code)) return { password: message }
  if (/email|user.*exists/i.test(code)) return { email: message }
  if (/name/i.test(code)) return { name: message }
  return { form: message }
}

/** Whether a text has the form of an address: one @, and a dot inside of what follows it. */
function isEmailAddress(text: string): boolean {
  const [user = '', host = '', ...more] = text.split('@')
  return user !== '' && more.length === 0 && host.slice(1, -1).includes('.') && !/\s/.test(text)
}
