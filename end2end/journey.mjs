// What a journey is given: people with their own browser, and the checks every page has to pass.
import assert from 'node:assert/strict';
import { accessible, copyOf } from './axe.mjs';
import { validMarkup } from './markup.mjs';

const PASSWORD = process.env.SHEARLINE_DEMO_PASSWORD ?? 'demo-shop-2026';
export const SIZES = { desktop: [1440, 900], tablet: [1024, 768], phone: [390, 844] };

export class Journey {
  /** Checks made so far; a journey without any has shown nothing. */
  checks = 0;
  #contexts = [];
  #scriptless = new WeakSet();
  #problems = [];
  #allowed = [];

  constructor(slug, browser, server, artifacts) {
    Object.assign(this, { slug, browser, server, artifacts, url: server.url });
  }

  /** A page in a browser of its own. Options: javaScript (default true), size ('desktop'), colorScheme. */
  async page({ javaScript = true, size = 'desktop', colorScheme = 'light', ...more } = {}) {
    const [width, height] = SIZES[size];
    const context = await this.browser.newContext({
      baseURL: this.url,
      javaScriptEnabled: javaScript,
      viewport: { width, height },
      hasTouch: size !== 'desktop',
      colorScheme,
      reducedMotion: 'reduce',
      ...more,
    });
    context.setDefaultTimeout(45_000);
    this.#contexts.push(context);
    if (!javaScript) this.#scriptless.add(context);
    context.on('page', (page) => this.#watch(page));
    return context.newPage();
  }

  /** A page signed in as one of the demo people. */
  async person(email, options = {}) {
    const { password = PASSWORD, ...more } = options;
    const page = await this.page(more);
    await page.goto('/sign-in');
    await page.locator('input[type=email]').fill(email);
    await page.locator('input[type=password]').fill(password);
    await page.locator('form:has(input[type=password]) [type=submit]').click();
    await page.waitForURL((url) => url.pathname !== '/sign-in');
    return page;
  }

  /** Fails the journey with `message` unless `condition` holds. */
  check(condition, message) {
    this.checks++;
    assert.ok(condition, message);
  }

  /** Fails unless both are deeply equal, and shows both. */
  equal(actual, expected, message) {
    this.checks++;
    assert.deepEqual(actual, expected, message);
  }

  /** Complaints of the browser matching `pattern` are expected here, such as the 404 of a forbidden page. */
  allow(pattern) {
    this.#allowed.push(pattern);
  }

  /** No accessibility violation of WCAG 2.2 AA on what the page shows now. */
  async axe(page) {
    this.checks++;
    // A page that the script turned to is judged once it is there.
    await page.locator('h1').first().waitFor();
    await page.getByText('Loading…').first().waitFor({ state: 'detached' });
    // Half-way down, the bar lies over the page, and what is behind it counts as its background.
    await page.evaluate(() => scrollTo(0, 0));
    if (!this.#scriptless.has(page.context())) return accessible(page);
    // Axe is itself a script: it looks at a copy of what the scriptless browser shows.
    const context = await this.browser.newContext({ viewport: page.viewportSize() });
    try {
      await accessible(await copyOf(page, context));
    } finally {
      await context.close();
    }
  }

  /** The HTML the server sends for an address (with the page's cookies) is valid. */
  async valid(page, address = page.url()) {
    this.checks++;
    const answer = await page.context().request.get(address, { maxRedirects: 5, headers: { accept: 'text/html' } });
    await validMarkup(await answer.text(), new URL(address, this.url).pathname);
  }

  /** Pictures of the page in three widths and both themes; SHOTS=0 leaves them out. */
  async shot(page, name) {
    if (process.env.SHOTS === '0') return;
    const before = page.viewportSize();
    // Where the page was scrolled to, its bar would stand across the middle of the picture.
    await page.evaluate(() => scrollTo(0, 0));
    for (const [width, height] of Object.values(SIZES)) {
      await page.setViewportSize({ width, height });
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${this.artifacts}/${name}-${width}-${colorScheme}.png`, fullPage: true });
      }
    }
    await page.emulateMedia({ colorScheme: null });
    await page.setViewportSize(before);
  }

  /** Axe, valid HTML and pictures in one. */
  async inspect(page, name) {
    await this.axe(page);
    await this.valid(page);
    await this.shot(page, name);
  }

  #watch(page) {
    const note = (text) => this.#problems.push(`${page.url().replace(this.url, '')}: ${text}`);
    page.on('console', (message) => {
      if (message.type() === 'error' || /hydrat/i.test(message.text())) note(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => note(`page error: ${error.message}`));
    page.on('crash', () => note('the page crashed'));
    page.on('response', (answer) => {
      if (answer.status() >= 500) note(`${answer.status()} from ${answer.request().method()} ${answer.url()}`);
    });
  }

  /** The verdict on everything the browsers complained about. */
  async settle() {
    // Messages of the last action are still on their way through the browser's pipe.
    await new Promise((resolve) => setTimeout(resolve, 150));
    const left = this.#problems.filter((problem) => !this.#allowed.some((pattern) => pattern.test(problem)));
    assert.deepEqual(left, [], 'the browser complained');
    assert.ok(this.checks > 0, 'the journey checked nothing');
  }

  /** On failure: what each page shows, and what its browser had complained about. */
  async keepEvidence() {
    const pages = this.#contexts.flatMap((context) => context.pages());
    for (const [index, page] of pages.entries()) {
      const path = `${this.artifacts}/failed-${this.slug}-${index + 1}.png`;
      const taken = await page.screenshot({ path, fullPage: true, timeout: 5_000 }).then(() => true, () => false);
      if (taken) console.log(`      ${page.url()} is shown in ${path}`);
    }
    for (const problem of this.#problems) console.log(`      ${problem}`);
  }

  async close() {
    for (const context of this.#contexts) await context.close().catch(() => {});
  }
}
