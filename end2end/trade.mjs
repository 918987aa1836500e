// Steps of the trade that several journeys go through on the way to their own matter.
import { form, join, openShop, send, unique } from './steps.mjs';

/** Takes a house lockout for Mina Moss through the intake page; returns the job's address. */
export async function takeCall(page, { technician, ...fields } = {}) {
  await page.goto('/jobs/new');
  if (technician) {
    const offered = form(page, 'call').locator('[name="form[technician]"]');
    fields.technician = await offered.locator('option', { hasText: technician }).getAttribute('value');
  }
  const call = { caller: 'Mina Moss', caller_phone: '416 555 0188', requested: 'Locked out, keys on the table' };
  await send(page, 'call', { ...call, ...fields });
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}$/);
  return page.url();
}

/** Draws something like a name on the pad, with the pointer. */
export async function drawSignature(page) {
  const pad = page.locator('[data-signature-pad] canvas');
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await pad.boundingBox();
  const at = (across, down) => [x + width * across, y + height * down];
  for (const start of [0.15, 0.4, 0.65]) {
    await page.mouse.move(...at(start, 0.7));
    await page.mouse.down();
    for (let turn = 1; turn <= 12; turn++) {
      await page.mouse.move(...at(start + turn * 0.015, 0.5 + 0.3 * Math.sin(turn)));
      await page.waitForTimeout(12);
    }
    await page.mouse.up();
  }
  // A page that gives way under the pen bends the signature.
  const after = await pad.boundingBox();
  if (Math.abs(after.y - y) > 0.5) throw new Error(`the pad moved by ${after.y - y} px while it was signed on`);
}

/** A shop whose only job is completed: taken, sent, done, completed by the owner although the evidence is missing. */
export async function completedJob(journey, shop) {
  const owner = await openShop(journey, shop);
  const { desk } = owner;
  const technician = await join(journey, desk, 'technician', 'Tara Tension', { javaScript: false });
  const job = await takeCall(desk, { technician: 'Tara Tension', address: '12 Shear Street, Toronto' });
  const visit = job.replace('/jobs/', '/today/');
  await technician.page.goto(visit);
  await send(technician.page, 'set-off');
  await send(technician.page, 'arrive');
  await desk.goto(job);
  await desk.getByText('Complete although something is missing').click();
  await send(desk, 'complete-without', { reason: 'Done on the telephone' });
  await desk.getByText('Completed with something missing').waitFor();
  return { ...owner, technician: technician.page, job };
}

/** Drafts and issues the job's invoice, as shown; returns the invoice's address. */
export async function issueInvoice(page, job) {
  await page.goto(`/invoices/new?job=${job.split('/').pop()}`);
  await send(page, 'draft', { bill_to: 'Mina Moss\n12 Shear Street\nToronto' });
  await page.waitForURL(/\/invoices\/[0-9a-f-]{36}$/);
  await send(page, 'issue');
  await page.locator('.invoice__title .code').waitFor();
  return page.url();
}

/** Adds a contact to the job's client; returns the address of the client's page and the contact's e-mail. */
export async function addContact(page, job) {
  await page.goto(job);
  const client = await page.locator('#field-site a[href^="/clients/"]').first().getAttribute('href');
  const email = `${unique('mina')}@example.com`;
  await page.goto(`${client}/contacts/new`);
  await send(page, 'new-contact', { name: 'Mina Moss', email });
  await page.waitForURL(client);
  return { client, email };
}

/** Adds a contact to the job's client and makes a portal link for them; returns its path. */
export async function portalLink(page, job) {
  const { client } = await addContact(page, job);
  return shownLink(page, client);
}

/** Makes a portal link for a client's only contact, shown on the page; returns its path. */
export async function shownLink(page, client) {
  await page.goto(client);
  await page.getByRole('button', { name: 'Show a link' }).click();
  const shown = await page.getByRole('textbox', { name: 'Portal link' }).inputValue();
  return new URL(shown).pathname;
}
