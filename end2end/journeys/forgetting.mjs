// The owner has a client forgotten: not while a job is open, not without proving who asks, and then for good.
import { confirm, openShop, secondStep, send, words } from '../steps.mjs';
import { takeCall } from '../trade.mjs';

export const name = 'forgetting: refused while a job is open, then for good, and the trail still verifies';

const NAME = 'Mina Moss';

export default async function run(t) {
  t.allow(/status of 4\d\d/);
  for (const javaScript of [true, false]) await forgotten(t, javaScript);
}

async function forgotten(t, javaScript) {
  const plain = javaScript ? '' : '-plain';
  const { page, desk } = await openShop(t, 'Letgo Locks ', { javaScript });
  const job = await takeCall(desk, { address: '12 Shear Street, Toronto' });
  await desk.goto(job);
  const client = (await desk.locator('a[href^="/clients/"]').first().getAttribute('href')).match(/\/clients\/[0-9a-f-]{36}/)[0];
  await notYet(t, page, client, plain);
  await calledOff(page, job);
  const secret = await secondStep(page);
  await refused(t, page, client, plain);
  await confirm(page, secret, `${client}/forget`);
  await send(page, 'forget', { typed: NAME.toLowerCase(), reason: 'Asked by letter of 3 March' });
  await page.waitForURL((url) => url.pathname === client);
  await page.getByText('What named this client is gone').waitFor();
  await t.inspect(page, `forgotten${plain}`);
  await gone(t, page, client, job, plain);
}

/** What stands in the way is said first, and there is nothing to press. */
async function notYet(t, page, client, plain) {
  await page.goto(client);
  await page.getByRole('link', { name: 'Forget this client for good' }).click();
  await page.waitForURL(`**${client}/forget`);
  await page.getByText('One job is open. Close or cancel it first.').waitFor();
  t.equal(await page.getByRole('button', { name: 'Forget for good' }).count(), 0, 'nothing to press yet');
  await t.inspect(page, `forget-not-yet${plain}`);
}

async function calledOff(page, job) {
  await page.goto(job);
  await page.locator('summary', { hasText: 'Cancel' }).first().click();
  await send(page, 'cancel', { reason: 'Found the spare key' });
  await page.getByText('Cancelled').first().waitFor();
}

/** Another name and a reason that names somebody: words beside the fields, and nothing is gone. */
async function refused(t, page, client, plain) {
  await page.goto(`${client}/forget`);
  await send(page, 'forget', { typed: 'Mina', reason: `${NAME} asked` });
  for (const field of ['typed', 'reason']) await words(page, 'forget', field).waitFor();
  await t.inspect(page, `forget-refused${plain}`);
  await page.goto('/clients');
  t.check(await page.getByText(NAME).count(), 'the client is still there');
}

/** In no list, not found by search, not on the job; and what was written down still adds up. */
async function gone(t, page, client, job, plain) {
  for (const path of ['/clients', '/search?q=Moss', '/jobs', new URL(job).pathname]) {
    await page.goto(path);
    await page.locator('h1').first().waitFor();
    await page.getByText('Loading…').first().waitFor({ state: 'detached' });
    t.equal(await page.locator('main').getByText('Moss').count(), 0, `${path} names nobody`);
  }
  await page.goto(`${client}/forget`);
  await page.getByText('That was done already.').waitFor();
  t.equal(await page.getByRole('button', { name: 'Forget for good' }).count(), 0, 'nothing is left to press');
  await page.goto('/audit');
  await page.getByText('Erased with somebody who was forgotten').first().waitFor();
  await page.getByText('forgot the client').first().waitFor();
  await t.inspect(page, `forgotten-audit${plain}`);
  const said = t.server.command('audit', 'verify');
  t.check(!/broken|does not/i.test(said), `every chain holds: ${said}`);
}
