// A key is put on record, revealed for fifteen seconds, found by its cuts, and printed; a top secret one takes two people.
import { alive, also, confirm, form, join, openShop, secondStep, send, words } from '../steps.mjs';
import { takeCall } from '../trade.mjs';

export const name = 'bittings: record, reveal, release, find, print';

const CUTS = '41836';
const panel = (page) => page.locator('#sealed');

export default async function run(t) {
  t.allow(/status of 4\d\d/);
  const owner = await openShop(t, 'Bitting Locks ');
  const { page, desk } = owner;
  const client = await clientOf(desk, await takeCall(desk, { address: '12 Shear Street, Toronto' }));
  const record = await recorded(t, page, client);
  await sealedUntilProved(t, page, record);
  const secret = await secondStep(page);
  await revealed(t, page, record, secret);
  await found(t, page, record);
  await printed(t, page, record);
  await siteCode(t, page, client);
  // The second step has ended every other session.
  const plain = await also(t, page, { javaScript: false });
  await scriptless(t, plain, client);
  await released(t, page, plain, client);
}

async function clientOf(page, job) {
  await page.goto(job);
  const href = await page.locator('a[href^="/clients/"]').first().getAttribute('href');
  return href.match(/\/clients\/[0-9a-f-]{36}/)[0];
}

/** The make's rules speak while one types; what the make would not cut is kept only as found. */
async function recorded(t, page, client) {
  await page.goto(client);
  await page.getByRole('link', { name: 'Record a key' }).click();
  await page.waitForURL(`${client}/bittings/new`);
  await t.inspect(page, 'bitting-new');
  const typed = form(page, 'record-bitting');
  await alive(page, 'record-bitting');
  await typed.locator('[name="form[make]"]').selectOption('schlage_classic');
  await typed.locator('[name="form[bitting]"]').fill('4183x');
  await typed.getByText('Character 5 is no depth').waitFor();
  await typed.locator('[name="form[bitting]"]').fill('0936');
  await typed.getByText(/differ by more than the make can cut/).waitFor();
  await send(page, 'record-bitting', { label: 'Rear door', keyway: 'SC1' });
  await words(page, 'record-bitting', 'bitting').waitFor();
  await send(page, 'record-bitting', { bitting: '4-1-8-3-6', key_code: 'ZZQ 77' });
  await page.waitForURL(/\/bittings\/[0-9a-f-]{36}$/);
  await page.getByRole('heading', { name: 'Rear door' }).waitFor();
  return new URL(page.url()).pathname;
}

/** What the server sends of a record holds nothing sealed; and without a second step nothing opens. */
async function sealedUntilProved(t, page, record) {
  await t.inspect(page, 'bitting-no-second-step');
  await panel(page).getByText('A second step is needed').waitFor();
  const html = await (await page.context().request.get(record)).text();
  t.check(!html.includes(CUTS) && !html.includes('ZZQ'), 'nothing sealed in the HTML');
}

async function reveal(page) {
  await page.locator('#reveal-reason').fill('two copies for Mina Moss');
  await panel(page).getByRole('button', { name: 'Reveal' }).click();
  await panel(page).getByText(CUTS).waitFor();
}

async function revealed(t, page, record, secret) {
  await page.clock.install();
  await page.goto(record);
  await t.inspect(page, 'bitting-sealed');
  await confirm(page, secret, record);
  await page.locator('#reveal-reason').waitFor();
  await t.inspect(page, 'bitting-reveal');
  await page.locator('#reveal-job').selectOption('');
  await panel(page).getByRole('button', { name: 'Reveal' }).click();
  await panel(page).getByText('Say what it is for, or choose the job.').waitFor();
  await reveal(page);
  // The page's own clock is moved, so that fifteen seconds are fifteen however busy the machine is.
  await page.clock.runFor(12_000);
  t.check(await panel(page).getByText(CUTS).isVisible(), 'it stays for 15 seconds');
  await page.clock.runFor(3_000);
  await panel(page).getByText(CUTS).waitFor({ state: 'detached', timeout: 2_000 });
  t.check(!(await page.content()).includes(CUTS), 'and then it is gone');
  await reveal(page);
  await t.inspect(page, 'bitting-revealed');
  await page.reload();
  await page.getByText('revealed a bitting record').first().waitFor();
}

async function found(t, page, record) {
  await page.goto('/bittings');
  await t.inspect(page, 'bittings');
  await page.getByRole('link', { name: 'Whose key is this?' }).click();
  await page.getByLabel('Cuts').fill('63814');
  await page.getByRole('button', { name: 'Look' }).click();
  await page.locator('#find-reason ~ .field__error:visible').waitFor();
  await page.getByLabel('Why you look').fill('found in the street');
  await page.getByRole('button', { name: 'Look' }).click();
  await page.getByRole('link', { name: 'Rear door' }).waitFor();
  await t.inspect(page, 'bittings-found');
  t.equal(await page.getByRole('link', { name: 'Rear door' }).getAttribute('href'), record, 'the record is named');
}

/** The sheet is in the page while it prints, and no longer. */
async function printed(t, page, record) {
  await page.addInitScript(() => {
    window.print = () => (window.sheet = document.querySelector('.numbered')?.innerText);
  });
  await page.goto(record);
  await page.getByText('Print a numbered copy').click();
  const why = panel(page).locator('.disclosure');
  await why.locator('#print-reason').fill('for the bench');
  await why.getByRole('button', { name: 'Print' }).click();
  await page.waitForFunction(() => window.sheet);
  const sheet = await page.evaluate(() => window.sheet);
  t.check(sheet.includes(CUTS) && sheet.includes('Copy 1 · printed for Olive Owner'), `the sheet says whose it is: ${sheet}`);
  await page.locator('.numbered').waitFor({ state: 'detached' });
}

/** A site's safe: its combination is sealed and opened the same way. */
async function siteCode(t, page, client) {
  await page.goto(client);
  const hrefs = await page.locator('a[href^="/sites/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  const site = hrefs.find((href) => /^\/sites\/[0-9a-f-]{36}$/.test(href));
  await page.goto(site);
  await page.getByRole('link', { name: 'Add code' }).click();
  await page.waitForURL(`${site}/codes/new`);
  await send(page, 'new-code', { kind: 'safe', label: 'Back office' });
  await words(page, 'new-code', 'site_code').waitFor();
  await t.inspect(page, 'code-new');
  await send(page, 'new-code', { site_code: '30-15-45' });
  await page.waitForURL(site);
  await t.inspect(page, 'site-codes');
  await page.getByRole('link', { name: 'Back office' }).click();
  await page.waitForURL(/\/codes\/[0-9a-f-]{36}$/);
  const html = await (await page.context().request.get(page.url())).text();
  t.check(!html.includes('30-15-45'), 'no code in the HTML');
  await page.locator('#reveal-reason').fill('the manager forgot it');
  await panel(page).getByRole('button', { name: 'Reveal' }).click();
  await panel(page).getByText('30-15-45').waitFor();
  await t.inspect(page, 'code-revealed');
  await page.goto('/audit/openings');
  await page.getByRole('cell', { name: 'Back office' }).waitFor();
}

/** Recording works without a script; revealing says that it does not. */
async function scriptless(t, page, client) {
  await page.goto(`${client}/bittings/new`);
  await send(page, 'record-bitting', { label: 'Van', bitting: '12/4' });
  await words(page, 'record-bitting', 'bitting').waitFor();
  t.equal(await form(page, 'record-bitting').locator('[name="form[bitting]"]').inputValue(), '', 'cuts never come back in a page');
  t.equal(await form(page, 'record-bitting').locator('[name="form[label]"]').inputValue(), 'Van', 'what is no secret does');
  await send(page, 'record-bitting', { key_code: 'B 12' });
  await page.waitForURL(/\/bittings\/[0-9a-f-]{36}$/);
  await t.inspect(page, 'bitting-scriptless');
}

/** One asks, the other releases, it opens once. */
async function released(t, page, plain, client) {
  const manager = await join(t, plain, 'manager', 'Mona Master');
  await page.goto(`${client}/bittings/new`);
  await send(page, 'record-bitting', { label: 'Vault GGM', make: 'schlage_classic', bitting: '52743', top_secret: true });
  await page.waitForURL(/\/bittings\/[0-9a-f-]{36}$/);
  const record = new URL(page.url()).pathname;
  const second = await secondStep(manager.page);
  await manager.page.goto(record);
  await send(manager.page, 'ask-release', { job: '', reason: 'The bank asks' });
  await manager.page.getByText('Waiting for a second person').waitFor();
  await t.inspect(manager.page, 'bitting-waiting');
  await page.goto('/bittings');
  await page.getByText('Mona Master').waitFor();
  await t.inspect(page, 'bittings-release');
  await page.getByRole('button', { name: 'Release' }).click();
  await page.getByText('Waiting for your release').waitFor({ state: 'detached' });
  await manager.page.getByText('Released by Olive Owner').waitFor({ timeout: 20_000 });
  await confirm(manager.page, second, record);
  await manager.page.locator('#reveal-reason').fill('The bank asks');
  await panel(manager.page).getByRole('button', { name: 'Reveal' }).click();
  await panel(manager.page).getByText('52743').waitFor();
  await panel(manager.page).getByRole('button', { name: 'Hide now' }).click();
  await manager.page.reload();
  await panel(manager.page).getByText('Opened by Olive Owner').or(panel(manager.page).getByText('Ask for its release')).first().waitFor();
}
