import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8')

/** Fails where a page breaks a rule of WCAG 2.2 AA that can be checked by a program. */
export async function checkAccessibility(page: Page): Promise<void> {
  await page.evaluate(settle)
  await page.evaluate(axe)
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  })
  if (violations.length > 0) throw new Error(`${page.url()}:\n${violations.join('\n')}`)
}

/** Waits for transitions: half-way through one, contrast is that of no state. Runs in the page. */
async function settle(): Promise<void> {
  const ending = document
    .getAnimations()
    .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
  await Promise.all(ending.map(({ finished }) => finished.catch(() => {})))
}

/** Fails where a page is wider than a phone, or breaks a rule of accessibility there. */
export async function checkOnPhone(page: Page): Promise<void> {
  const before = page.viewportSize()
  await page.setViewportSize({ width: 390, height: 844 })
  const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement)
  if (scrollWidth > clientWidth)
    throw new Error(`${page.url()} is ${scrollWidth} pixels wide where ${clientWidth} are there`)
  await checkAccessibility(page)
  if (before) await page.setViewportSize(before)
}
