// A signed work order is proved to somebody without a network: the true one, a changed one, and by the command line as well.
import { readFileSync, writeFileSync } from 'node:fs';
import { fill, send, watched } from '../steps.mjs';
import { addContact, completedJob, drawSignature, issueInvoice, shownLink } from '../trade.mjs';

export const name = 'offline proof';

export default async function run(t) {
  t.allow(/status of 4\d\d/);
  const { desk, page, job } = await completedJob(t, 'Proven Work ');
  await page.goto(`${job}/sign`);
  await send(page, 'prepare');
  await page.locator('[data-signature-pad][data-ready]').waitFor();
  await fill(page, 'sign', { name: 'Mina Moss', opened: true, consent: true });
  await drawSignature(page);
  await send(page, 'sign', { opened: true, consent: true });
  await page.locator('#signatures').getByRole('link', { name: /Mina Moss/ }).click();
  await page.waitForURL(/\/signatures\//);
  const files = await taken(t, page, 'work order');
  const fingerprint = await printed(page);
  await t.inspect(page, 'evidence-proof');
  await offline(t, files, fingerprint);
  commandLine(t, files, fingerprint);
  await theClient(t, desk, job, fingerprint);
}

/** What the foot of a paper says of the shop's key. */
async function printed(page) {
  const fingerprint = await page.locator('.stamp__code').nth(1).innerText();
  if (!/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/.test(fingerprint)) throw new Error(`no fingerprint: ${fingerprint}`);
  return fingerprint;
}

/** Takes the three files along as a person does: by pressing links. The proof is there as soon as a checkpoint covers it. */
async function taken(t, page, what) {
  await unfold(page);
  const link = page.getByRole('link', { name: 'The proof' });
  const until = Date.now() + 60_000;
  while ((await page.context().request.get(await link.getAttribute('href'))).status() !== 200) {
    if (Date.now() > until) throw new Error(`no checkpoint covers the ${what} after a minute`);
    await page.waitForTimeout(500);
  }
  // The foot shows the newest checkpoint there was when the page was made.
  await page.reload();
  await unfold(page);
  const files = {};
  for (const [key, words] of [['proof', 'The proof'], ['document', 'The document'], ['page', 'The page that checks them']]) {
    const coming = page.waitForEvent('download');
    await page.getByRole('link', { name: words }).click();
    const download = await coming;
    files[key] = `${t.artifacts}/${Date.now()}-${download.suggestedFilename()}`;
    await download.saveAs(files[key]);
  }
  t.check(files.proof.endsWith('.tlog-proof') && files.page.endsWith('.html'), 'the files have their names');
  return files;
}

/** In the portal the links are folded away. */
async function unfold(page) {
  await page.locator('.proof-links').waitFor({ state: 'attached' });
  const fold = page.locator('details:has(.proof-links):not([open]) > summary');
  if (await fold.count()) await fold.click();
}

/** A browser without any network, the page from the disk. */
async function offline(t, files, fingerprint) {
  const page = await t.page({ offline: true, size: 'phone' });
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`file://${files.page}`);
  const answer = page.locator('#answer');
  const says = (kind) => page.locator(`#answer[data-kind=${kind}]`).waitFor();
  await page.getByLabel('The proof').setInputFiles(files.proof);
  await page.getByText('Not complete.').waitFor();
  await page.getByLabel('The document').setInputFiles(files.document);
  await page.getByText('It holds, if this is the shop’s key').or(page.getByText("It holds, if this is the shop's key")).waitFor();
  t.check((await answer.innerText()).includes(fingerprint), 'the key to compare is named');
  await page.getByLabel('The fingerprint').fill(fingerprint);
  await says('yes');
  t.check((await answer.innerText()).includes('Mina Moss'), 'whose signature it is stands there');
  await page.screenshot({ path: `${t.artifacts}/offline-yes.png`, fullPage: true });

  const changed = files.document.replace('.html', '-changed.html');
  writeFileSync(changed, readFileSync(files.document, 'utf8').replace('Locked out', 'Locked in'));
  await page.getByLabel('The document').setInputFiles(changed);
  await says('no');
  t.check((await answer.innerText()).includes('What differs: the document'), 'a changed document is named');
  await page.getByLabel('The document').setInputFiles(files.document);
  await says('yes');

  const forged = files.proof.replace('.tlog-proof', '-forged.tlog-proof');
  writeFileSync(forged, forge(readFileSync(files.proof, 'utf8')));
  await page.getByLabel('The proof').setInputFiles(forged);
  await says('no');
  t.check((await answer.innerText()).includes("the signer's name"), 'a changed name is named');
  await page.getByLabel('The proof').setInputFiles(files.proof);
  await page.getByLabel('The fingerprint').fill('0000 1111 2222 3333 4444 5555 6666 7777');
  await says('no');
  t.check((await answer.innerText()).includes("the shop's key"), 'another key is named');
  t.equal(asked.filter((url) => !/^(file|data|blob):/.test(url)), [], 'the page asked the network for nothing');
}

/** The same proof with another name in it. */
function forge(text) {
  return text.replace(/^extra (.*)$/m, (_, extra) => {
    const bundle = Buffer.from(extra, 'base64').toString('utf8');
    const other = bundle.replace('Mina Moss', 'Nina Moss');
    if (other === bundle) throw new Error('the name does not stand in the proof');
    return `extra ${Buffer.from(other).toString('base64')}`;
  });
}

/** The command says the same. */
function commandLine(t, files, fingerprint) {
  const said = t.server.command('verify', files.proof, files.document, '--key', fingerprint);
  t.check(said.startsWith('Yes.'), `the command agrees: ${said}`);
  let refused = '';
  try {
    t.server.command('verify', files.proof, files.proof, '--key', fingerprint);
  } catch (error) {
    refused = String(error);
  }
  t.check(refused !== '', 'and refuses another document');
}

/** The client takes the own invoice's proof from the portal. */
async function theClient(t, desk, job, fingerprint) {
  await issueInvoice(desk, job);
  const { client } = await addContact(desk, job);
  const link = await shownLink(desk, client);
  const page = await watched(t, { size: 'phone', plain: true });
  await page.goto(link);
  await page.getByRole('button', { name: 'Open' }).click();
  await page.waitForURL('/portal');
  await page.goto('/portal/invoices');
  await page.locator('.portal-card__what').first().click();
  await page.waitForURL(/\/portal\/invoices\/[0-9a-f-]{36}$/);
  const files = await taken(t, page, 'invoice');
  t.equal(await printed(page), fingerprint, 'the same key on every paper');
  await t.inspect(page, 'portal-invoice-proof');
  await offlineInvoice(t, files, fingerprint);
}

async function offlineInvoice(t, files, fingerprint) {
  const page = await t.page({ offline: true });
  await page.goto(`file://${files.page}`);
  await page.getByLabel('The fingerprint').fill(fingerprint);
  await page.getByLabel('The proof').setInputFiles(files.proof);
  await page.getByLabel('The document').setInputFiles(files.document);
  await page.locator('#answer[data-kind=yes]').waitFor();
  t.check((await page.locator('#answer').innerText()).includes('231.65'), 'the total stands there');
}
