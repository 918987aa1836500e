// Accessibility: axe-core put into the page by the debugger, so the page's own policy stays in force.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Throws with one line for each violated rule. */
export async function accessible(page) {
  await page.evaluate(`${source};undefined`);
  await page.evaluate(settled);
  const violations = await page.evaluate(async (tags) => {
    const result = await window.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
    return result.violations.map((rule) => ({
      id: rule.id,
      help: rule.help,
      where: rule.nodes.slice(0, 5).map((node) => `${node.target.join(' ')}: ${node.html.slice(0, 160)}`),
    }));
  }, TAGS);
  if (violations.length === 0) return;
  const lines = violations.map((rule) => `${rule.id} (${rule.help})\n  ${rule.where.join('\n  ')}`);
  throw new Error(`axe on ${new URL(page.url()).pathname}:\n${lines.join('\n')}`);
}

/** A colour half way between two states is nobody's choice: what moves is waited for, unless it moves for ever. */
async function settled() {
  const ends = (moving) => moving.effect?.getComputedTiming().endTime !== Infinity;
  // One that is called off on the way (its element goes) has ended too.
  await Promise.allSettled(document.getAnimations().filter(ends).map((moving) => moving.finished));
}

/** The same document without its scripts, at the same address, in another context. */
export async function copyOf(page, context) {
  const body = (await page.content()).replaceAll(/<script\b[\s\S]*?<\/script>/g, '');
  const copy = await context.newPage();
  await copy.route(page.url(), (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
  await copy.goto(page.url());
  return copy;
}
