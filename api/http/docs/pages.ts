import { titleOf } from '../errors.ts'
import { SENTENCES } from '../problems.ts'

export function docsPage(): string {
  return page(
    'API',
    '<div id="swagger-ui"></div>\n<noscript><p>This page needs JavaScript; the same is in <a href="/openapi.json">openapi.json</a>.</p></noscript>',
    '<link rel="stylesheet" href="/docs/assets/swagger-ui.css">\n' +
      '<script src="/docs/assets/swagger-ui-bundle.js" defer></script>\n' +
      '<script src="/docs/assets/docs.js" defer></script>\n',
  )
}

export function problemPage(code: string, sentence: string): string {
  return page(
    titleOf(code),
    `<h1>${escape(titleOf(code))}</h1>\n<p>${prose(sentence)}</p>\n` +
      `<p><code>${escape(code)}</code></p>\n<p><a href="/problems">All problems</a></p>`,
  )
}

export function problemListPage(): string {
  const rows = Object.entries(SENTENCES)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, sentence]) =>
        `<tr><td><a href="/problems/${escape(code)}"><code>${escape(code)}</code></a></td>` +
        `<td>${prose(sentence)}</td></tr>`,
    )
  return page(
    'Problems',
    '<h1>Problems</h1>\n<p>Every refusal carries one of these codes. Codes are stable.</p>\n' +
      `<table><thead><tr><th>Code</th><th>What is wrong and what to do</th></tr></thead>\n` +
      `<tbody>${rows.join('\n')}</tbody></table>`,
  )
}

/** @param body HTML */
function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} · OnceLedger</title>
<link rel="icon" href="/docs/assets/icon.svg" type="image/svg+xml">
${head}<link rel="stylesheet" href="/docs/assets/docs.css">
</head>
<body>
<header>
<a class="name" href="/docs"><img src="/docs/assets/icon.svg" alt="" width="28" height="28">OnceLedger</a>
<nav><a href="/docs">API</a> <a href="/problems">Problems</a> <a href="/openapi.json">openapi.json</a></nav>
</header>
<main>
${body}
</main>
</body>
</html>
`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** What stands between backticks is code. */
function prose(text: string): string {
  return escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
}
