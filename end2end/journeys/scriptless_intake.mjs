// The same call and the same pages for a browser without any script.
import { fill, form, openShop, send, words } from '../steps.mjs';

export const name = 'intake without script';

export default async function run(t) {
  t.allow(/status of 4\d\d/);
  const { desk: page } = await openShop(t, 'Plain Paper ');
  await page.goto('/jobs/new');
  await t.inspect(page, 'intake-scriptless');

  // A refused form comes back with what was typed, and with words beside the field.
  await send(page, 'call', { caller: 'Mina Moss', requested: 'Locked out', ceiling: 'a lot' });
  await words(page, 'call', 'ceiling').waitFor();
  const field = (key) => form(page, 'call').locator(`[name="form[${key}]"]`);
  t.equal(await field('requested').inputValue(), 'Locked out', 'what was typed stays');
  t.equal(await field('ceiling').inputValue(), 'a lot', 'what is wrong stays, to be put right');
  await t.axe(page);

  await send(page, 'call', { ceiling: '300', caller_phone: '416 555 0188' });
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}$/);
  const job = page.url();
  await page.getByRole('heading', { name: /Mina Moss/ }).waitFor();

  // Back, and the same form once more: the job that is there already.
  await page.goBack();
  await fill(page, 'call', { caller: 'Mina Moss', requested: 'Locked out', ceiling: '300', caller_phone: '416 555 0188' });
  await form(page, 'call').locator('[type=submit]').click();
  await page.waitForLoadState('load');
  await page.goto('/jobs');
  const jobs = await page.locator('main td a').evaluateAll((all) => all.map((one) => one.pathname).filter((path) => /^\/jobs\/[0-9a-f-]{36}$/.test(path)));
  t.equal(jobs, [new URL(job).pathname], 'sent twice, one job');

  // The caller is found by the number; the search is an ordinary form.
  await page.goto('/jobs/new');
  await page.locator('#call-q').fill('4165550188');
  await page.locator('form[role=search] [type=submit]').last().click();
  await page.getByRole('link', { name: 'Mina Moss' }).first().click();
  await page.locator('input[name="form[client]"]').waitFor({ state: 'attached' });
  await t.inspect(page, 'intake-scriptless-found');
}
