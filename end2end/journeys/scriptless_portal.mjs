// The portal for a browser without any script: reading, and signing by typing the name.
import { fill, form, send, watched } from '../steps.mjs';
import { completedJob, issueInvoice, portalLink } from '../trade.mjs';

export const name = 'portal without script';

export default async function run(t) {
  t.allow(/status of 4\d\d/);
  const { desk, job } = await completedJob(t, 'Plain Portal ');
  await desk.goto(`${job}/sign`);
  await send(desk, 'prepare');
  await issueInvoice(desk, job);
  const link = await portalLink(desk, job);

  const page = await watched(t, { size: 'phone', javaScript: false });
  await page.goto(link);
  await page.getByRole('button', { name: 'Open' }).click();
  await page.waitForURL('/portal');
  await page.goto('/portal/invoices');
  await page.locator('.portal-card__what').first().click();
  await page.waitForURL(/\/portal\/invoices\/[0-9a-f-]{36}$/);
  t.check((await page.locator('.invoice__totals .is-total').innerText()).includes('231.65'), 'the total is shown');

  await page.goto(job.replace('/jobs/', '/portal/jobs/') + '/sign');
  await t.inspect(page, 'portal-sign-scriptless');
  await send(page, 'sign', { name: 'Mina Moss', opened: true, consent: true });
  t.equal(await page.getByText(/By Mina Moss,/).count(), 0, 'neither drawn nor typed: not signed');
  await fill(page, 'sign', { name: 'Mina Moss', opened: true, consent: true, typed: true });
  await form(page, 'sign').locator('.button--primary').click();
  await page.getByText(/igned by Mina Moss|By Mina Moss,/).first().waitFor();

  await desk.goto(`${job}/sign`);
  await desk.locator('#signatures').getByText('Typed').waitFor();
  t.check(await desk.getByRole('link', { name: 'Mina Moss' }).first().isVisible(), 'the office has it');

  await page.goto('/portal');
  await page.getByRole('button', { name: 'Close the portal on this device' }).click();
  await page.waitForLoadState('load');
  const after = await page.goto('/portal/invoices');
  t.check(after.status() >= 400, 'closed on this device');
}
