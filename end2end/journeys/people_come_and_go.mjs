// Somebody works in two shops; a shop cuts a role down; a quarter's review; and one day somebody leaves.
import { form, linkIn, mailTo, openShop, PASSWORD, press, send, tick, unique, watched } from '../steps.mjs';

export const name = 'people come and go';

export default async function run(t) {
  t.allow(/status of 4\d\d/);
  for (const way of [{ keyboard: true }, { javaScript: false }]) await shops(t, way);
}

async function shops(t, way) {
  const boss = await openShop(t, 'Anvil Locks ', way);
  const rosa = await openShop(t, "Rosa's Keys ", way);
  await joins(t, boss.page, rosa);
  await switches(t, rosa, boss);
  await cutDown(t, boss.page, rosa);
  await reviewed(t, boss.page);
  await leaves(t, boss.page, rosa);
}

/** The owner of one shop helps out in another, as a manager. */
async function joins(t, page, rosa) {
  await page.goto('/members');
  await send(page, 'invite', { email: rosa.email, role: 'manager' });
  await page.getByRole('table', { name: 'Open invitations' }).getByText(rosa.email).waitFor();
  await rosa.page.goto(linkIn(await mailTo(page, rosa.email), '/invite/'));
  await send(rosa.page, 'accept', { password: PASSWORD });
  await rosa.page.waitForURL('/');
}

/** One shop at a time: the other one's clients are not there. */
async function switches(t, rosa, boss) {
  const page = rosa.page;
  await page.getByText(boss.shop).first().waitFor();
  await page.goto('/account/shops');
  await t.inspect(page, 'your-shops');
  await press(page, page.getByRole('button', { name: `Go to ${rosa.shop}` }));
  await page.waitForURL('/');
  await page.getByText(rosa.shop).first().waitFor();
  await page.goto('/members');
  t.equal(await page.getByText(boss.email).count(), 0, 'nothing of the other shop came along');
  await confirms(t, page);
  await page.goto('/account/shops');
  await press(page, page.getByRole('button', { name: `Go to ${boss.shop}` }));
  await page.waitForURL('/');
  await page.getByText(boss.shop).first().waitFor();
}

/** A session that came over by a click is asked who is there before it changes who may get in; what was typed waits. */
async function confirms(t, page) {
  const email = `${unique('late')}@example.com`;
  await send(page, 'invite', { email, role: 'dispatcher' });
  await page.waitForURL(/\/confirm/);
  await t.inspect(page, 'confirm-by-password');
  await send(page, 'confirm', { password: 'not the password' });
  await page.locator('.field__error:visible').first().waitFor();
  await send(page, 'confirm', { password: PASSWORD });
  await page.waitForURL('/members');
  t.equal(await form(page, 'invite').locator('[name="form[email]"]').inputValue(), email, 'what was typed came back');
  await send(page, 'invite');
  await page.getByRole('table', { name: 'Open invitations' }).getByText(email).waitFor();
}

/** A role of the shop's own: what it holds back is gone from the pages of whoever holds it. */
async function cutDown(t, page, rosa) {
  await rosa.page.goto('/audit');
  t.check(await rosa.page.getByRole('heading', { name: 'Audit trail' }).isVisible(), 'a manager sees the audit trail');
  await page.goto('/members/roles');
  await page.getByRole('heading', { name: 'A role of your own' }).waitFor();
  await t.inspect(page, 'roles');
  await send(page, 'role', { name: 'Manager without trail', base: 'manager' });
  await form(page, 'role').getByRole('alert').or(form(page, 'role').locator('.field__error:visible')).first().waitFor();
  await tick(page, form(page, 'role').getByLabel('See the audit trail'));
  await send(page, 'role');
  await page.getByRole('heading', { name: 'Manager without trail: Manager, less' }).waitFor();
  await press(page, page.getByRole('button', { name: 'Give this role' }));
  await page.getByText('Held by').waitFor();
  await t.inspect(page, 'roles-own');
  await rosa.page.goto('/sign-in');
  await send(rosa.page, 'sign-in', { email: rosa.email, password: PASSWORD });
  await rosa.page.waitForURL('/');
  await rosa.page.goto('/account/shops');
  const over = rosa.page.getByRole('button', { name: /^Go to Anvil/ });
  if (await over.count()) {
    await press(rosa.page, over);
    await rosa.page.waitForURL('/');
    await rosa.page.getByText(/^Anvil/).first().waitFor();
  }
  t.equal(await rosa.page.getByRole('link', { name: 'Audit trail' }).count(), 0, 'no way there any more');
  await rosa.page.goto('/audit');
  await rosa.page.getByText('Not for your role').waitFor();
}

/** Once a quarter: who is there, what they did not need, and that somebody looked. */
async function reviewed(t, page) {
  await page.goto('/members/review');
  await page.getByText('Never looked at yet').waitFor();
  await t.inspect(page, 'access-review');
  await send(page, 'review');
  await page.getByText('Last looked at').waitFor();
}

/** One act ends everything. */
async function leaves(t, page, rosa) {
  await page.goto('/members');
  await press(page, page.locator('tr', { hasText: rosa.email }).getByRole('link', { name: 'Leaves…' }));
  await page.waitForURL(/\/leave$/);
  await page.getByRole('heading', { name: / leaves$/ }).waitFor();
  await t.inspect(page, 'member-leaves');
  await send(page, 'leave');
  await page.waitForURL('/members');
  const row = page.locator('tr', { hasText: rosa.email });
  await row.getByText('Left').waitFor();
  await rosa.page.goto('/jobs');
  await rosa.page.getByText('Sign in first').waitFor();
  const again = await watched(t);
  await again.goto('/sign-in');
  await send(again, 'sign-in', { email: rosa.email, password: PASSWORD });
  await again.waitForURL('/');
  await again.getByText(rosa.shop).first().waitFor();
  t.check(true, 'their own shop is still theirs');
  await page.goto('/audit');
  await page.getByText('let a member go').first().waitFor();
}
