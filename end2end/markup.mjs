// Valid HTML: what the server sends, before any script has touched it.
import { HtmlValidate } from 'html-validate';

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:standard', 'html-validate:a11y'],
  rules: {
    // A policy without 'unsafe-inline' drops style attributes: one here would be silently without effect.
    'no-inline-style': 'error',
    // How the renderer writes, no matter of validity.
    'attr-quotes': 'off',
    'void-style': 'off',
    'no-trailing-whitespace': 'off',
    'doctype-style': 'off',
    'no-implicit-button-type': 'off',
    'require-sri': 'off',
    'long-title': 'off',
  },
});

/** Throws with one line for each error. */
export async function validMarkup(html, name) {
  // The renderer marks places with `<!>`, which every browser reads as an empty comment.
  const report = await validator.validateString(html.replaceAll('<!>', '<!---->'), name);
  if (report.valid) return;
  const lines = report.results.flatMap((result) =>
    result.messages.filter((message) => message.severity === 2).map(
      (message) => `${message.line}:${message.column} ${message.ruleId}: ${message.message}`,
    ),
  );
  throw new Error(`markup of ${name}:\n${lines.join('\n')}`);
}
