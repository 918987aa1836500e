// A client on a telephone: opens the link the shop sent, reads, signs by drawing; the shop sees it, and ends the link.
import { fill, form, linkIn, mailTo, send, watched } from '../steps.mjs';
import { addContact, completedJob, drawSignature, issueInvoice, shownLink } from '../trade.mjs';

export const name = "client's portal";

export default async function run(t) {
  t.allow(/status of 4\d\d/);
  const office = await completedJob(t, 'Pocket Portal ');
  const { desk, job } = office;
  await desk.goto(job);
  const site = await desk.locator('#field-site a[href^="/sites/"]').first().getAttribute('href');
  await desk.goto(`${site}/openings/new`);
  await send(desk, 'new-opening', { number: '101A', location: 'Front door' });
  await desk.goto(`${job}/sign`);
  await send(desk, 'prepare');
  await issueInvoice(desk, job);
  const { client, email } = await addContact(desk, job);
  const link = await shownLink(desk, client);
  await desk.goto(client);
  t.check(/Never/.test(await links(desk).innerText()), 'a new link was never used');

  const page = await watched(t, { size: 'phone', plain: true });
  await open(t, page, link, office);
  await read(t, page);
  await sign(t, page, office);
  await seen(t, office, client);
  await revoke(t, page, link, office, client);
  await byMail(t, page, office, client, email);
}

const links = (page) => page.getByRole('table', { name: 'Portal links' });

/** Nothing on a telephone runs off its side, and what a finger presses is large enough. */
async function fits(t, page) {
  t.check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${page.url()} runs off the side`);
  const low = await page.locator('main button:visible, main a.button:visible, nav a:visible').evaluateAll((all) =>
    all.map((one) => [one.textContent, one.getBoundingClientRect().height]).filter(([, height]) => height < 44));
  t.equal(low, [], `too low for a finger on ${page.url()}`);
}

/** The page of the link opens nothing by itself; its button does, and the token is gone from the address. */
async function open(t, page, link, { shop }) {
  await page.goto(link);
  t.check(await page.getByText(`with ${shop}`).isVisible(), 'the page says whose link it is');
  await t.inspect(page, 'portal-link');
  await fits(t, page);
  const before = await page.context().request.get('/portal');
  t.equal(before.status(), 401, 'looking at the page opened nothing');
  await page.getByRole('button', { name: 'Open' }).click();
  await page.waitForURL('/portal');
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  t.check((await page.locator('.portal__shop').innerText()).includes(shop), "the shop's name stands above");
  t.equal(await page.locator('.portal__phone').getAttribute('href'), 'tel:+14165550100', 'one press calls the shop');
  t.check(await page.getByText('231.65').isVisible(), 'what is owed is the first thing');
  await t.inspect(page, 'portal');
  await fits(t, page);
}

/** Invoices, the invoice, jobs, sites: everything the shop keeps for this client, by pressing what is there. */
async function read(t, page) {
  const place = (name) => page.locator('.portal__nav').getByRole('link', { name }).click();
  await place('Invoices');
  await page.waitForURL('/portal/invoices');
  await t.inspect(page, 'portal-invoices');
  await page.locator('.portal-card__what').first().click();
  await page.waitForURL(/\/portal\/invoices\/[0-9a-f-]{36}$/);
  t.check((await page.locator('.invoice__totals .is-total').innerText()).includes('231.65'), 'the total is as the shop issued it');
  await t.inspect(page, 'portal-invoice');
  await fits(t, page);
  await place('Jobs');
  await page.waitForURL('/portal/jobs');
  t.check(await page.getByText('To sign').isVisible(), 'the job says that it waits for a signature');
  await t.inspect(page, 'portal-jobs');
  await place('Sites');
  await page.waitForURL('/portal/sites');
  t.check(await page.getByText('12 Shear Street, Toronto').isVisible(), 'the place is there');
  t.check(await page.getByText('101A').isVisible(), 'with its door');
  await t.inspect(page, 'portal-sites');
}

/** From the job to its work order, read and signed with the finger. */
async function sign(t, page, { job }) {
  await page.goto(job.replace('/jobs/', '/portal/jobs/'));
  await page.getByText('Locked out, keys on the table').waitFor();
  await t.inspect(page, 'portal-job');
  await fits(t, page);
  await page.getByRole('link', { name: 'Read and sign' }).click();
  await page.waitForURL(/\/sign$/);
  await page.locator('[data-signature-pad][data-ready]').waitFor();
  await t.inspect(page, 'portal-sign');
  await fits(t, page);
  await fill(page, 'sign', { name: 'Mina Moss', opened: true, consent: true });
  await form(page, 'sign').locator('.button--primary').click();
  await page.getByText('Nothing is signed yet').waitFor();
  await drawSignature(page);
  await t.shot(page, 'portal-drawn');
  await form(page, 'sign').locator('.button--primary').click();
  await page.getByText(/By Mina Moss,/).waitFor();
  t.equal(await page.locator('[data-signature-pad]').count(), 0, 'signed once, not to be signed again');
  await t.inspect(page, 'portal-signed');
}

/** The office: who signed, how, from where, on which bytes; that the papers were looked at; that the link was used. */
async function seen(t, { page, job }, client) {
  await page.goto(job);
  await page.locator('#signatures').getByRole('link', { name: /Mina Moss/ }).click();
  await page.waitForURL(/\/signatures\//);
  await page.locator('main .evidence svg path, main .evidence svg polyline').first().waitFor();
  const told = await page.locator('main').innerText();
  const hashes = told.match(/\b[0-9a-f]{64}\b/g) ?? [];
  t.equal(hashes.length, 3, 'the hashes of paper, strokes and chain entry are named');
  for (const word of ['Drawn by hand', "Signed through the client's portal link", '127.0.0.1', 'Mina Moss']) {
    t.check(told.includes(word), `the evidence does not tell: ${word}`);
  }
  t.check(/Entry \d+/.test(told), 'its place on the chain is named');
  t.check(!/differ/.test(told), 'what is stored is what was signed');
  await t.inspect(page, 'evidence-by-link');

  await page.goto(client);
  await page.getByRole('heading', { name: 'Mina Moss', level: 1 }).waitFor();
  const history = await page.locator('main').innerText();
  for (const act of ['opened the portal', 'looked at the invoice', 'looked at the work order']) {
    t.check(history.toLowerCase().includes(act), `the history does not tell: ${act}`);
  }
  t.check(!/Never/.test(await links(page).innerText()), 'the last use of the link is shown');
  await t.inspect(page, 'client-with-link');
}

/** A revoked link is refused on the next request, and reads like one that never was. */
async function revoke(t, page, link, office, client) {
  await send(office.page, await office.page.locator('input[value^="revoke-"]').getAttribute('value'));
  await links(office.page).getByText('Over').waitFor();
  const refused = await page.goto('/portal/invoices');
  t.equal(refused.status(), 401, 'the next request is refused');
  await page.getByText('Ask the shop for a new link').first().waitFor();
  t.equal(await page.getByText('231.65').count(), 0, 'nothing is shown any more');
  await t.axe(page);
  await t.shot(page, 'portal-refused');

  const gone = await page.goto(link);
  t.equal(gone.status(), 404, 'the link opens nothing');
  await page.getByText('Ask the shop for a new link.').waitFor();
  t.equal(await page.getByRole('button').count(), 0, 'there is no button to press');
  await t.axe(page);
  await t.shot(page, 'portal-link-over');
  const never = await page.context().request.get(`/p/${'a'.repeat(link.length - 3)}`);
  t.equal(await never.text(), await gone.text(), 'a link that never was reads the same');
}

/** A new link comes by mail and works in two tabs; closing the portal ends the visit on this device. */
async function byMail(t, page, { desk }, client, email) {
  await desk.goto(client);
  await desk.getByRole('button', { name: 'Mail a link' }).click();
  const link = linkIn(await mailTo(desk, email), '/p/');
  await page.goto(link);
  const other = await page.context().newPage();
  await other.goto(link);
  await page.getByRole('button', { name: 'Open' }).click();
  await page.waitForURL('/portal');
  await other.close();
  t.check(await page.getByText('231.65').isVisible(), 'everything is there again');
  await page.getByRole('button', { name: 'Close the portal on this device' }).click();
  await page.getByText('Ask the shop for a new link').first().waitFor();
  t.equal((await page.context().request.get('/portal/invoices')).status(), 401, 'closed on this device');
}
