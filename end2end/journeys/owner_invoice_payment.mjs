// The owner invoices a completed job and is paid in two parts.
import { send } from '../steps.mjs';
import { completedJob, issueInvoice } from '../trade.mjs';

export const name = "owner's invoice and payment";

export default async function run(t) {
  t.allow(/status of 4\d\d/);
  const { page, job } = await completedJob(t, 'Paid Work ');
  await page.goto(`/invoices/new?job=${job.split('/').pop()}`);
  // 85.00 service call and 120.00 lockout, 13 % HST.
  const sheet = page.locator('.sheet.invoice');
  await sheet.waitFor();
  t.check(/231\.65/.test(await sheet.innerText()), 'the proposal already shows the total with tax');
  await t.inspect(page, 'invoice-proposal');

  const invoice = await issueInvoice(page, job);
  const due = () => page.locator('.invoice__totals .is-due td').innerText();
  t.check((await page.locator('.invoice__totals .is-total td').innerText()).includes('231.65'), 'the total is as proposed');
  await t.inspect(page, 'invoice-issued');

  const more = await send(page, 'payment', { amount: '500', method: 'cash' });
  t.check(more.status() >= 400 && more.status() < 500, `more than is owed answered ${more.status()}`);
  await page.locator('[id="payment-amount-error"]:not([hidden])').waitFor();

  await send(page, 'payment', { amount: '100', method: 'cheque', reference: '1042' });
  await page.getByText('Cheque (1042)').waitFor();
  t.check((await due()).includes('131.65'), 'what is left is due');
  t.check(await page.getByText('Part paid').first().isVisible(), 'the invoice is part paid');

  await send(page, 'payment', { method: 'card', reference: 'T-77' });
  await page.getByText('Card (T-77)').waitFor();
  t.equal(await page.locator('form:has(input[value="payment"])').count(), 0, 'a paid invoice takes no more payments');
  await t.inspect(page, 'invoice-paid');

  await page.goto('/invoices');
  await page.locator(`a[href$="${new URL(invoice).pathname}"]`).first().waitFor();
  await page.locator('.badge', { hasText: /^Paid$/ }).waitFor();
  await t.inspect(page, 'invoices');
}
