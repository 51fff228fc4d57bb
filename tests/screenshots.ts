import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from './harness/launch-browser.ts'
import { runCommand, freePort } from './harness/start-app.ts'

/** Makes the README's pictures from the demo: `npm run screenshots`. */
const folder = fileURLToPath(new URL('../docs/images/', import.meta.url))
await mkdir(folder, { recursive: true })
const port = await freePort()
const app = runCommand('demo', { PORT: String(port) })
await app.until(/sign-in\/link\/\S+/)
const link = /http:\S+\/sign-in\/link\/\S+/.exec(app.output())?.[0] ?? ''
const browser = await launchBrowser()
try {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    deviceScaleFactor: 1.5,
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
  })
  const page = await context.newPage()
  await page.goto(link)
  while (!(await page.evaluate(isComplete))) await page.waitForTimeout(500)
  const yesterday = Temporal.Now.plainDateISO('Europe/Berlin').subtract({ days: 1 }).toString()
  const pictures = {
    integrations: '/settings/plugins',
    today: `/today?day=${yesterday}`,
    metric: '/metrics/metric.steps?range=month',
  }
  for (const [name, path] of Object.entries(pictures)) {
    await page.goto(new URL(path, link).href)
    // The page's script has started, and its buttons answer.
    await page.waitForFunction(() => document.querySelector('[data-waiting]') === null)
    await page.screenshot({ path: `${folder}${name}.png` })
  }
} finally {
  await browser.close()
  await app.stop()
}

/** Whether every simulated source has its whole history; runs in the page. */
async function isComplete(): Promise<boolean> {
  const { plugins } = (await (await fetch('/api/plugins')).json()) as {
    plugins: { connectBy: string; history: { reached: string | null; from: string } | null }[]
  }
  const fetched = plugins.filter(({ connectBy }) => connectBy !== 'upload')
  return fetched.every(({ history }) => history !== null && history.reached === history.from)
}
