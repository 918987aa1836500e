// A forgotten password: a link by mail, used once; the browsers signed in before are out. Then a change, on one's own page.
import { form, linkIn, mailTo, openShop, PASSWORD, send, watched, words } from '../steps.mjs';

export const name = 'a forgotten password';
const NEXT = 'copper teapot behind seven ladders';
const LAST = 'Purple teapot behind 7 ladders';

export default async function run(t) {
  t.allow(/status of (401|404|422)/);
  const owner = await openShop(t, 'Corner Locks');
  await reset(t, owner);
  await change(t, owner);
}

/** Without script, as a mail program's browser may be. */
async function reset(t, { email, page: before }) {
  const page = await watched(t, { javaScript: false });
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await t.inspect(page, 'forgot');
  await send(page, 'forgot', { email });
  await page.getByText('Look into your mailbox').waitFor();
  const link = linkIn(await mailTo(page, email), '/reset/');
  for (let scanner = 0; scanner < 3; scanner++) await page.context().request.get(link);
  await page.goto(link);
  await t.inspect(page, 'reset');
  await send(page, 'reset', { password: 'passwordpassword' });
  t.check(/guess/.test(await words(page, 'reset', 'password').innerText()), 'a weak one is refused in words');
  await send(page, 'reset', { password: NEXT });
  await page.getByText('Your new password is set').waitFor();
  await t.axe(page);
  await page.goto(link);
  await page.getByText('This link works no more').waitFor();
  await before.goto('/account');
  await before.getByText('Sign in first').waitFor();
  await page.goto('/sign-in');
  await send(page, 'sign-in', { email, password: PASSWORD });
  t.check(/do not belong together/.test(await words(page, 'sign-in', 'password').innerText()), 'the old one is gone');
  await send(page, 'sign-in', { email, password: NEXT });
  await page.waitForURL('/');
}

/** With script, by the keyboard alone: the words come beside the field, the other browser is out at its next request. */
async function change(t, { email }) {
  const page = await watched(t, { keyboard: true });
  await page.goto('/sign-in');
  await send(page, 'sign-in', { email, password: NEXT });
  await page.waitForURL('/');
  await page.goto('/shop');
  const rule = await form(page, 'password-rule').locator('[type=checkbox]').getAttribute('name');
  await send(page, 'password-rule', { [rule]: true });
  const other = await watched(t, { javaScript: false });
  await other.goto('/sign-in');
  await send(other, 'sign-in', { email, password: NEXT });
  await other.waitForURL('/');
  await page.goto('/account');
  await t.inspect(page, 'account');
  await send(page, 'password', { password_now: 'not the password', password: LAST });
  await words(page, 'password', 'password_now').waitFor();
  await send(page, 'password', { password_now: NEXT, password: LAST.toLowerCase().replace('7', 'seven') });
  await words(page, 'password', 'password').getByText(/three of these four/).waitFor();
  await send(page, 'password', { password_now: NEXT, password: LAST });
  await page.getByText('Your password is changed').waitFor();
  await t.axe(page);
  const answer = await other.goto('/account');
  t.equal(answer.status(), 401, 'another browser is out');
  t.equal((await page.goto('/account')).status(), 200, 'this one stays');
}
