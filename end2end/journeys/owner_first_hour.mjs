// A locksmith opens a shop, puts its papers in order, brings in two people, goes home, comes back and takes the first call.
import { also, form, linkIn, mailTo, openShop, PASSWORD, send, signOut, unique, watched, words } from '../steps.mjs';

export const name = "owner's first hour";

export default async function run(t) {
  t.allow(/status of 4\d\d/);
  const page = await watched(t);
  const owner = { shop: unique('Brass & Sons '), name: 'Olive Brass', email: `${unique('olive')}@example.com` };
  await signUp(t, page, owner);
  await papers(t, page);
  await newcomer(t, page);
  await knownElsewhere(t, page, owner);
  await homeAndBack(t, page, owner);
  await firstClient(t, page);
}

/** The sign-up page: every refused field says why, nothing typed is lost. */
async function signUp(t, page, { shop, name, email }) {
  await page.goto('/sign-up');
  await t.inspect(page, 'sign-up');
  await send(page, 'sign-up', {
    shop_name: shop, licence_number: 'LS-4471', phone: '+1 902 555 0142', time_zone: 'Mars/Olympus', currency: 'USD', units: 'mm',
    tax_name: 'HST', tax_rate: '15', name, email, password: 'short',
  });
  await words(page, 'sign-up', 'password').waitFor();
  t.check(/15/.test(await words(page, 'sign-up', 'password').innerText()), 'the words beside the password name its length');
  const typed = form(page, 'sign-up').locator('[name="form[shop_name]"]');
  t.equal(await typed.inputValue(), shop, 'what was typed stays');
  t.equal(await words(page, 'sign-up', 'email').isHidden(), true, 'no words beside a field that is well');
  await t.axe(page);
  await send(page, 'sign-up', { password: PASSWORD });
  await words(page, 'sign-up', 'time_zone').waitFor();
  t.check(/Toronto/.test(await words(page, 'sign-up', 'time_zone').innerText()), 'the words name a zone that would do');
  await send(page, 'sign-up', { time_zone: 'America/Halifax' });
  await page.waitForURL('/');
  await page.getByText(shop).first().waitFor();
  await page.getByText('The first call makes the first job').waitFor();
  await t.inspect(page, 'first-home');
}

/** What was said at sign-up stands in the shop's settings and can be changed there. */
async function papers(t, page) {
  await page.goto('/shop');
  const field = (key) => form(page, 'shop').locator(`[name="form[${key}]"]`);
  t.equal(await field('licence_number').inputValue(), 'LS-4471', 'the licence number is kept');
  for (const kept of ['America/Halifax', 'USD']) {
    t.check(await page.getByText(kept).first().isVisible(), `${kept} is kept`);
  }
  const taxes = page.getByRole('table', { name: 'Tax rates' });
  t.check(/HST\s+15\s%/.test(await taxes.innerText()), 'the tax is charged as told');
  await send(page, 'shop', { terms_days: 'soon' });
  await words(page, 'shop', 'terms_days').waitFor();
  await send(page, 'shop', { terms_days: '14', address: '9 Barrington Street\nHalifax' });
  await words(page, 'shop', 'terms_days').waitFor({ state: 'hidden' });
  await page.goto('/shop');
  await send(page, 'tax', { name: 'Levy', rate: '2.5', labour: false });
  await taxes.getByText('Levy').waitFor();
  await page.reload();
  t.equal(await field('terms_days').inputValue(), '14', 'changed terms are kept');
  t.equal(await field('address').inputValue(), '9 Barrington Street\nHalifax', 'the address is kept, line by line');
  await t.inspect(page, 'shop');
}

/** Invites an address by mail; returns the invitation's path. */
async function invite(t, page, email, role) {
  await page.goto('/members');
  await send(page, 'invite', { email, role });
  await page.getByRole('table', { name: 'Open invitations' }).getByText(email).waitFor();
  const mail = await mailTo(page, email);
  t.check(mail.includes(`Only ${email} can accept`), 'the mail says for whom the invitation is');
  return linkIn(mail, '/invite/');
}

/** Somebody new: a name and a password, for the address that was invited and no other; the link works once. */
async function newcomer(t, page) {
  const email = `${unique('tom')}@example.com`;
  const link = await invite(t, page, email, 'technician');
  await t.inspect(page, 'members-invited');
  const tom = await watched(t, { size: 'tablet' });
  await tom.goto(link);
  t.check(await tom.getByText(email).isVisible(), 'the page says for whom the invitation is');
  t.equal(await form(tom, 'accept').locator('[type=email]').count(), 0, 'no other address can be given');
  await t.inspect(tom, 'invitation');
  await send(tom, 'accept', { name: 'Tom Pin', password: PASSWORD });
  await tom.waitForURL('/');
  await tom.getByRole('heading', { name: 'Today' }).waitFor();
  t.check(await tom.getByText('Nothing for today').isVisible(), 'an empty day says so');

  await tom.goto(link);
  await tom.getByText('Nothing here').waitFor();
  t.equal(await form(tom, 'accept').count(), 0, 'the link works once');
  await page.goto('/members');
  const members = page.getByRole('table', { name: 'Members', exact: true });
  await members.getByText('Tom Pin').waitFor();
  t.check(await members.getByText(email).isVisible(), 'the member is who was invited');
  t.equal(await page.getByRole('table', { name: 'Open invitations' }).count(), 0, 'the invitation is used up');
}

/** Somebody who has an account already accepts with its password; whoever else got hold of the link cannot. */
async function knownElsewhere(t, page, owner) {
  const rosa = await openShop(t, "Rosa's Keys ");
  const link = await invite(t, page, rosa.email, 'bookkeeper');
  const other = await watched(t);
  await other.goto(link);
  await send(other, 'accept', { password: 'another four brass words' });
  await words(other, 'accept', 'password').waitFor();
  t.check(/password of your account/.test(await words(other, 'accept', 'password').innerText()), 'another person is refused in words');
  await other.goto('/');
  t.equal(await other.getByText(owner.shop).count(), 0, 'and did not get in');
  await rosa.page.goto('/audit');
  await rosa.page.getByText('refused at sign-in').waitFor();

  await rosa.page.goto(link);
  await send(rosa.page, 'accept', { password: PASSWORD });
  await rosa.page.waitForURL('/');
  await rosa.page.getByText(owner.shop).first().waitFor();
  await page.goto('/members');
  const members = page.getByRole('table', { name: 'Members', exact: true });
  await members.getByText(rosa.email).waitFor();
  t.equal(await members.locator('tbody tr').count(), 3, 'the owner and those two, nobody else');
  await t.inspect(page, 'members');
}

/** Signing out ends it everywhere it was shown; signing in again shows everything as before. */
async function homeAndBack(t, page, { email, name }) {
  const second = await also(t, page);
  await second.goto('/clients');
  await signOut(page);
  await page.waitForURL('/sign-in');
  await t.inspect(page, 'sign-in');
  // The other window still shows a page of the shop. Its own button must not leave it standing there.
  await signOut(second);
  await second.getByText('Sign in first').waitFor();
  await page.goto('/members');
  await page.getByText('Sign in first').waitFor();
  t.equal(await page.getByText('Tom Pin').count(), 0, 'nothing of the shop is shown to nobody');

  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.waitForURL(/\/sign-in/);
  await send(page, 'sign-in', { email, password: 'not my password at all' });
  await words(page, 'sign-in', 'password').waitFor();
  await send(page, 'sign-in', { password: PASSWORD });
  await page.waitForURL((url) => url.pathname !== '/sign-in');
  await page.goto('/members');
  await page.getByRole('table', { name: 'Members', exact: true }).getByText(name).waitFor();
  t.check(await page.getByText(email).isVisible(), 'signed in again, as before');
}

/** The first client by hand, and the first job from that client's page. */
async function firstClient(t, page) {
  await page.goto('/clients');
  await page.getByRole('link', { name: 'Add the first client' }).click();
  await page.waitForURL('/clients/new');
  await send(page, 'new-client', { name: 'Mina Moss', kind: 'person', phone_1: '902 555 0188', alert: 'Dog in the yard' });
  await page.waitForURL(/\/clients\/[0-9a-f-]{36}$/);
  await page.getByRole('heading', { name: 'Mina Moss' }).waitFor();
  t.check(await page.getByText('Dog in the yard').isVisible(), 'the alert stands on the client');
  await t.inspect(page, 'first-client');

  await page.locator('.page-header').getByRole('link', { name: 'Take a call' }).click();
  await page.waitForURL(/\/jobs\/new\?client=/);
  await page.getByText('Dog in the yard').waitFor();
  await send(page, 'call', { address: '12 Shear Street, Halifax', requested: 'Rekey the front door' });
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}$/);
  await page.getByRole('heading', { name: /Mina Moss/ }).waitFor();
  t.check(await page.getByText('12 Shear Street, Halifax').first().isVisible(), 'the place is known from now on');
  await page.goto('/');
  await page.getByRole('link', { name: /Mina Moss/ }).first().waitFor();
  t.equal(await page.getByText('The first call makes the first job').count(), 0, 'the home page shows the work now');
  await t.inspect(page, 'home-with-a-job');
  await page.goto('/audit');
  await page.getByText(/took the call/).first().waitFor();
  const trail = await page.locator('main').textContent();
  for (const act of ['opened the shop', 'Tom Pin accepted the invitation', 'signed out', 'refused at sign-in', 'added the client']) {
    t.check(trail.includes(act), `the audit trail does not tell: ${act}`);
  }
  await t.inspect(page, 'audit');
}
