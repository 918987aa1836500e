// A technician does a job on the tablet, from the list of the day to the drawn signature.
import { fill, form, join, openShop, send } from '../steps.mjs';
import { takeCall, drawSignature } from '../trade.mjs';

export const name = "technician's job";

export default async function run(t) {
  t.allow(/status of 4\d\d/);
  const owner = await openShop(t, 'Field Work ');
  const { page } = await join(t, owner.desk, 'technician', 'Tara Tension', { size: 'tablet' });
  const job = await takeCall(owner.desk, { technician: 'Tara Tension', address: '12 Shear Street, Toronto', ceiling: '300' });

  await page.goto('/');
  await t.inspect(page, 'today');
  await page.getByRole('link', { name: /House lockout for Mina Moss/ }).click();
  await page.waitForURL(/\/today\//);
  await page.locator('.visit').getByText('12 Shear Street, Toronto').first().waitFor();
  await t.inspect(page, 'visit');
  const step = (key) => form(page, key).locator('[type=submit]');
  const box = await step('set-off').boundingBox();
  t.check(box.height >= 56, `the next step is ${box.height} px high: too small for gloves`);

  await send(page, 'set-off');
  await step('arrive').waitFor();
  await send(page, 'arrive');
  await step('complete').waitFor();

  // Nothing is completed while something is missing; the page names it.
  const refused = await send(page, 'complete');
  t.check(refused.status() >= 400 && refused.status() < 500, `completing too early answered ${refused.status()}`);
  await form(page, 'complete').locator('.form__problem').waitFor();
  const missing = page.locator('.missing__item a');
  t.check((await missing.count()) >= 4, 'what is missing is listed');

  await send(page, 'authority-check', { person_name: 'Mina Moss', relation: 'tenant', document: 'driving_licence', tail: '4471', outcome: 'allowed' });
  await page.locator('#authority').getByText('4471').waitFor();
  // Half a report, then a tick: the page loads again with each, and the half is still there.
  await fill(page, 'work-done', { 'answers][entry': 'Picked', performed: 'Picked the dead' });
  for (const check of ['door_works', 'damage_noted']) {
    await send(page, `tick-${check}`);
    await page.locator(`#check-${check}.is-done`).waitFor();
    for (const [field, typed] of [['answers][entry', 'Picked'], ['performed', 'Picked the dead']]) {
      const now = await form(page, 'work-done').locator(`[name="form[${field}]"]`).inputValue();
      t.check(now === typed, `"${typed}" was typed and not sent; after a tick elsewhere it reads "${now}"`);
    }
  }
  await send(page, 'work-done', { 'answers][inside': 'no', 'answers][relation': 'Tenant', 'answers][entry': 'Picked', performed: 'Picked the deadbolt, no damage.' });
  await page.locator('.missing__item a', { hasText: 'How was it opened' }).waitFor({ state: 'detached' });
  await page.getByText('Add a line').click();
  await send(page, 'line', { kind: 'part', description: 'Deadbolt thumb turn', quantity: '1', unit_price: '24.50' });
  await page.getByText('Deadbolt thumb turn').waitFor();

  await page.getByRole('link', { name: 'Get it signed' }).click();
  await page.waitForURL(/\/sign$/);
  await send(page, 'prepare');
  await page.locator('[data-signature-pad][data-ready]').waitFor();
  await t.inspect(page, 'sign');
  await fill(page, 'sign', { name: 'Mina Moss', opened: true, consent: true });
  await form(page, 'sign').locator('.button--primary').click();
  await page.getByText('Nothing is signed yet').waitFor();
  await drawSignature(page);
  await send(page, 'sign', { opened: true, consent: true });
  await page.locator('#signatures').getByRole('link', { name: /Mina Moss/ }).waitFor();

  await page.goto(`/today/${job.split('/').pop()}`);
  await page.getByText('Everything this kind of job demands is there.').waitFor();
  await send(page, 'complete');
  await page.getByText('Done. The office takes it from here.').waitFor();

  await owner.page.goto(job);
  await owner.page.locator('#signatures').getByRole('link', { name: /Mina Moss/ }).click();
  await owner.page.waitForURL(/\/signatures\//);
  await owner.page.locator('main svg path, main svg polyline').first().waitFor();
  t.check(/[0-9a-f]{64}/.test(await owner.page.locator('main').innerText()), 'the evidence names the hash of what was signed');
  await t.inspect(owner.page, 'evidence');
}
