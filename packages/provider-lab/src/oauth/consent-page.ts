const STYLE = `
  body { margin: 0; background: #eef2f3; color: #1d2b30; font: 16px/1.5 system-ui, sans-serif; }
  main { max-width: 26rem; margin: 8vh auto; padding: 2rem; background: #fff; border-radius: 12px; box-shadow: 0 2px 16px #0002; }
  h1 { margin: 0 0 1rem; font-size: 1.25rem; line-height: 1.3; }
  .note { margin: 0 0 1.5rem; padding: .5rem .75rem; border-left: 4px solid #c77700; background: #fff6e5; }
  fieldset { margin: 0 0 1.5rem; padding: 0; border: 0; }
  legend { padding: 0; margin-bottom: .5rem; font-weight: 600; }
  label { display: flex; gap: .6rem; align-items: center; padding: .3rem 0; }
  input { width: 1.1rem; height: 1.1rem; }
  button { width: 100%; padding: .7rem; border: 1px solid #00687a; border-radius: 8px; font: inherit; font-weight: 600; cursor: pointer; }
  .allow { background: #00687a; color: #fff; }
  .deny { margin-top: .6rem; background: #fff; color: #00687a; }
  button:focus-visible, input:focus-visible { outline: 3px solid #e39b00; outline-offset: 2px; }
`

export interface ConsentPage {
  readonly provider: string
  readonly account: string
  readonly scopes: readonly { readonly id: string; readonly label: string }[]
}

/**
 * The page on which the person allows or refuses. Its forms are posted to the address of the page itself, so that they
 * hold wherever the lab is mounted.
 *
 * The first form's button allows the scopes that are still ticked (`decision=allow`, `scope` once each); the second
 * form's refuses (`decision=deny`).
 */
export function consentPage({ provider, account, scopes }: ConsentPage): string {
  const choices = scopes.map(
    ({ id, label }) =>
      `<label><input type="checkbox" name="scope" value="${escape(id)}" checked> ${escape(label)}</label>`,
  )
  return document(
    `${provider}: allow access?`,
    `<h1>An application would like to read your ${escape(provider)} data</h1>
    <p class="note">This is a <strong>simulated</strong> ${escape(provider)}. The account ${escape(account)} and all its data are made up.</p>
    <form method="post">
      <fieldset>
        <legend>It may read</legend>
        ${choices.join('\n        ')}
      </fieldset>
      <button class="allow" name="decision" value="allow">Allow</button>
    </form>
    <form method="post">
      <button class="deny" name="decision" value="deny">Deny</button>
    </form>`,
  )
}

/** What is shown where redirecting would hand the error to a stranger. */
export function refusalPage(provider: string, message: string): string {
  return document(
    `${provider}: this request cannot be served`,
    `<h1>This request cannot be served</h1>
    <p class="note">This is a <strong>simulated</strong> ${escape(provider)}.</p>
    <p>${escape(message)}</p>`,
  )
}

function document(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escape(title)} (simulated)</title>
  <style>${STYLE}</style>
</head>
<body>
  <main>
    ${content}
  </main>
</body>
</html>
`
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
