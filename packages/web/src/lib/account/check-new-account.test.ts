import { expect, it } from 'vitest'
import { checkNewAccount, explainRefusal } from './check-new-account.ts'

const good = { name: ' Ada ', email: 'ada@example.org', password: 'correct horse', timeZone: 'Europe/Berlin' }

it('takes a complete account, and no zone for UTC to be chosen', () => {
  const { account, faults } = checkNewAccount(good)
  expect(faults).toEqual({})
  expect(account).toEqual({ ...good, name: 'Ada' })
  expect(checkNewAccount({ ...good, timeZone: 'Mars/Olympus' }).account).not.toHaveProperty('timeZone')
  expect(checkNewAccount({ ...good, timeZone: '' }).faults).toEqual({})
})

it('has a sentence for each field that is wrong', () => {
  expect(checkNewAccount({ name: ' ', email: 'ada', password: 'short', timeZone: '' }).faults).toEqual({
    name: 'Enter your name.',
    email: 'Enter an e-mail address such as ada@example.org.',
    password: 'Choose a password of at least 10 characters.',
  })
})

it("puts the engine's reason at its field", () => {
  expect(explainRefusal({ code: 'email-taken', message: 'Taken.' })).toEqual({ email: 'Taken.' })
  expect(explainRefusal({ code: 'password-too-short', message: 'Short.' })).toEqual({ password: 'Short.' })
  expect(explainRefusal({ code: 'link-used', message: 'Used.' })).toEqual({ form: 'Used.' })
})
