// A dispatcher takes a lockout call by the keyboard alone; pressing twice makes one job.
import { alive, fill, form, join, openShop } from '../steps.mjs';

export const name = "dispatcher's lockout call";

export default async function run(t) {
  const owner = await openShop(t, 'Lockout Desk ');
  const technician = await join(t, owner.desk, 'technician', 'Tara Tension', { size: 'tablet' });
  const { page } = await join(t, owner.desk, 'dispatcher', 'Dora Desk');

  await page.goto('/jobs/new');
  await alive(page, 'call');
  await t.inspect(page, 'intake');
  const keys = page.keyboard;
  const field = (key) => form(page, 'call').locator(`[name="form[${key}]"]`);

  // The page begins in the telephone box; what is typed there becomes the new client's number.
  t.equal(await page.evaluate(() => document.activeElement.id), 'call-q', 'the caller can be typed at once');
  await keys.type('416 555 0188');
  await page.getByText('Nobody here by that').waitFor();
  await tabTo(page, '#call-kind');
  await keys.type('House');
  t.equal(await page.locator('#call-kind').inputValue(), 'lockout_house', 'the kind of job is chosen by its first letters');
  await tabTo(page, '[name="form[caller]"]');
  t.equal(await field('caller_phone').inputValue(), '416 555 0188', 'the number typed above is the number to call back');
  await keys.type('Mina Moss');
  await tabTo(page, '[name="form[address]"]');
  await keys.type('12 Shear Street, Toronto');
  await tabTo(page, '[name="form[requested]"]');
  await keys.type('Locked out, keys on the kitchen table');
  await tabTo(page, '[name="form[answers][inside]"]');
  await keys.press('Space');
  await tabTo(page, '[name="form[ceiling]"]');
  await keys.type('300');
  await tabTo(page, '[name="form[technician]"]');
  await keys.type('Tara');
  await tabTo(page, 'form:has([value="call"]) [type=submit]');

  // Both sends leave before the first answer is there.
  await page.evaluate(() => {
    const button = document.activeElement;
    button.click();
    button.click();
  });
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}$/);
  const job = page.url();
  await page.getByRole('heading', { name: /House lockout for Mina Moss/ }).waitFor();
  t.check(await page.getByText('Tara Tension').first().isVisible(), 'the technician is sent');
  t.check(await page.getByText('12 Shear Street, Toronto').first().isVisible(), 'the address is kept');
  await t.inspect(page, 'job');

  await page.goto('/jobs');
  await page.getByRole('table').first().waitFor();
  const jobs = await page.locator('main td a').evaluateAll((all) => all.map((one) => one.pathname).filter((path) => /^\/jobs\/[0-9a-f-]{36}$/.test(path)));
  t.equal(jobs, [new URL(job).pathname], 'two presses, one job');
  await t.inspect(page, 'jobs');
  await page.goto('/clients');
  t.equal(await page.getByRole('link', { name: 'Mina Moss' }).count(), 1, 'one client');

  await technician.page.goto('/');
  await technician.page.locator('.visit-card').filter({ hasText: 'Mina Moss' }).waitFor();
  t.equal(await technician.page.locator('.visit-card').count(), 1, 'one visit');
}

/** Presses Tab until the element has the focus. */
async function tabTo(page, selector) {
  for (let turn = 0; turn < 60; turn++) {
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the Tab key never reaches ${selector}`);
}
