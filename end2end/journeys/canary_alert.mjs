// The owner lays out a decoy client, a key and a link; the dispatcher looks, somebody follows the link: alerts within seconds.
import { also, join, openShop, send, words } from '../steps.mjs';

export const name = 'canary alert: decoys laid out, touched, told of, closed';

const LINK = 'input[aria-label="Portal link"]';

export default async function run(t) {
  t.allow(/status of 422/);
  const { page, desk } = await openShop(t, 'Canary Locks ');
  const dispatcher = await join(t, desk, 'dispatcher', 'Dana Dispatch');
  await page.goto('/alerts');
  await page.getByText('All quiet').waitFor();
  await t.inspect(page, 'alerts-empty');
  const link = await laidOut(t, page);
  await touched(t, page, dispatcher.page);
  await followed(t, page, link);
  await closed(t, await also(t, page, { javaScript: false }), page);
}

/** What is made up is believable enough to be sent as it stands; the link is shown once. */
async function laidOut(t, page) {
  await page.getByRole('link', { name: 'Decoys' }).click();
  await page.waitForURL('**/alerts/decoys');
  await page.getByText('Nothing is laid out').waitFor();
  await t.inspect(page, 'decoys-empty');
  await send(page, 'plant-client', { name: '' });
  await words(page, 'plant-client', 'name').waitFor();
  await send(page, 'plant-client', { name: 'Iversen Self Storage' });
  await page.getByRole('heading', { name: 'Iversen Self Storage' }).waitFor();
  await page.getByText('Lay out a key of this client').click();
  const client = await page.locator('input[name="client"]').first().inputValue();
  await send(page, `key-${client}`, { label: 'Gate cabinet' });
  await page.getByRole('heading', { name: 'Gate cabinet' }).waitFor();
  await send(page, `link-${client}`);
  await page.locator(LINK).waitFor();
  const link = await page.locator(LINK).inputValue();
  await t.inspect(page, 'decoys');
  await page.reload();
  t.equal(await page.locator(LINK).count(), 0, 'the link is shown once');
  return link;
}

/** Waits for an alert; more than five seconds are too long. */
async function alerted(t, page, text) {
  const began = Date.now();
  for (;;) {
    await page.goto('/alerts');
    await page.locator('h1').waitFor();
    if (await page.getByText(text).count()) return t.check(true, text);
    if (Date.now() - began > 5_000) throw new Error(`no alert within five seconds: ${text}`);
  }
}

/** The dispatcher comes upon it like upon any client, and reads of no decoy anywhere. */
async function touched(t, page, dispatcher) {
  await dispatcher.goto('/clients');
  await dispatcher.getByRole('link', { name: 'Iversen Self Storage' }).click();
  await dispatcher.getByRole('heading', { name: 'Iversen Self Storage' }).waitFor();
  const html = await (await dispatcher.context().request.get(dispatcher.url())).text();
  t.check(!/decoy/i.test(html), 'nothing tells the dispatcher');
  await alerted(t, page, /Dana Dispatch opened the client “Iversen Self Storage”, a decoy/);
  // The rail is read before the page: an alert raised in between stands there from the next page on.
  await page.reload();
  await page.locator('.rail').getByText('1 open').first().waitFor({ state: 'attached' });
  await t.inspect(page, 'alerts');
}

/** Whoever finds the link sees an ordinary portal page. */
async function followed(t, page, link) {
  const stranger = await t.page();
  await stranger.goto(link);
  await stranger.getByRole('button', { name: 'Open' }).click();
  await stranger.waitForURL('**/portal');
  await alerted(t, page, /Somebody followed the portal link of “Iversen Self Storage”, a decoy/);
}

/** Closed with a note, by a browser without script; both stay to be read among all. */
async function closed(t, plain, page) {
  await plain.goto('/alerts');
  const form = plain.locator('form:has(input[name="alert"])').first();
  const name = await form.locator('input[name="post[form]"]').inputValue();
  await send(plain, name);
  await words(plain, name, 'note').waitFor();
  await send(plain, name, { note: 'A wrong number, asked her' });
  await plain.goto('/alerts');
  t.equal(await plain.locator('form:has(input[name="alert"])').count(), 1, 'one is left');
  const left = await plain.locator('form:has(input[name="alert"]) input[name="post[form]"]').inputValue();
  await page.goto('/alerts');
  await send(page, left, { note: 'The scanner of our own mail' });
  await page.getByText('All quiet').waitFor();
  await page.locator('#show').selectOption('all');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByText('A wrong number, asked her').waitFor();
  await t.inspect(page, 'alerts-all');
  await page.goto('/shop#hours');
  await send(page, 'hours', { monday_from: '08:00' });
  await words(page, 'hours', 'monday_until').waitFor();
  await send(page, 'hours', { monday_from: '08:00', monday_until: '17:30' });
  await page.reload();
  t.equal(await page.locator('[name="form[monday_until]"]').inputValue(), '17:30', 'the hours are kept');
  await t.inspect(page, 'shop-hours');
}
