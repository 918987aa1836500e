// Whoever runs the installation makes a passkey by a link of the command line, signs in by it, opens a shop whose owner
// accepts, suspends it, which shuts the owner out, and resumes it.
import { mailTo, PASSWORD, send, unique, watched } from '../steps.mjs';

export const name = 'administration: enrol, sign in, open, suspend and resume a shop';

export default async function run(t) {
  t.allow(/status of 4\d\d/);
  const page = await watched(t, { plain: true });
  await authenticator(page);
  await enrol(t, page);
  const shop = await open(t, page);
  const owner = await accept(t, shop);
  await caps(t, page);
  await suspend(t, page, shop, owner);
  await resume(t, page, owner);
  await around(t, page, shop);
}

async function authenticator(page) {
  const devices = await page.context().newCDPSession(page);
  await devices.send('WebAuthn.enable');
  await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
}

const pressed = (page, words) => page.getByRole('button', { name: words }).press('Enter');

async function enrol(t, page) {
  const said = t.server.command('admin', 'enrol', 'Ada');
  const link = said.split('\n').find((line) => line.startsWith(t.server.admin));
  t.check(link, `a link is printed: ${said}`);
  await page.goto(`${t.server.admin}/installation`);
  t.equal(new URL(page.url()).pathname, '/installation/sign-in', 'nobody is in yet');
  await page.goto(link);
  await t.inspect(page, 'installation-enrol');
  await pressed(page, 'Make the passkey');
  await page.getByText('Your passkey is made').waitFor();
  await page.goto(link);
  await page.getByRole('heading', { name: 'This link opens nothing' }).waitFor();
  t.check(t.server.command('admin', 'list').includes('Ada'), 'the command line lists her');
  await page.goto(`${t.server.admin}/installation/sign-in`);
  await t.inspect(page, 'installation-sign-in');
  await pressed(page, 'Sign in with a passkey');
  await page.waitForURL(/installation\/shops$/);
  await t.inspect(page, 'installation-shops');
}

async function open(t, page) {
  const slug = unique('harbour');
  const email = `olive@${slug}.example`;
  await page.getByRole('link', { name: 'Open a shop' }).press('Enter');
  await page.waitForURL(/shops\/new$/);
  await t.inspect(page, 'installation-new-shop');
  await page.getByLabel('Name of the shop').fill('Harbour Locks');
  await page.getByLabel('Short name').fill('northgate');
  await page.getByLabel('Time zone').fill('Mars');
  await page.getByLabel('The owner\'s e-mail').fill(email);
  await pressed(page, /Open the shop/);
  await page.getByText('Pick a time zone').waitFor();
  await t.axe(page);
  await t.shot(page, 'installation-new-shop-wrong');
  t.equal(await page.getByLabel('Name of the shop').inputValue(), 'Harbour Locks', 'what was typed is kept');
  await page.getByLabel('Short name').fill(slug);
  await page.getByLabel('Time zone').fill('America/Toronto');
  await pressed(page, /Open the shop/);
  await page.getByRole('heading', { name: 'Harbour Locks' }).waitFor();
  await page.getByText('Owner invited').waitFor();
  await t.inspect(page, 'installation-shop-new');
  return { slug, email };
}

/** The owner opens the letter and chooses a password. */
async function accept(t, shop) {
  const page = await watched(t);
  const [link] = /\/invite\/[\w-]{43}/.exec(await mailTo(page, shop.email));
  await page.goto(link);
  await send(page, 'accept', { name: 'Olive Harbour', password: PASSWORD });
  await page.waitForURL('/');
  await page.getByText('Harbour Locks').first().waitFor();
  return page;
}

async function caps(t, page) {
  await page.reload();
  await page.getByLabel('API keys').fill('none');
  await pressed(page, 'Set the caps');
  await page.getByText('Type a whole number').waitFor();
  await page.getByLabel('API keys').fill('3');
  await pressed(page, 'Set the caps');
  await page.getByText('0 of 3').waitFor();
}

async function suspend(t, page, shop, owner) {
  await page.getByLabel('Reason').fill('Does not pay');
  await page.getByLabel(/to confirm/).fill('another');
  await pressed(page, 'Suspend the shop');
  await page.getByText(`Type ${shop.slug}, to be sure`).waitFor();
  t.equal(await page.getByLabel('Reason').inputValue(), 'Does not pay', 'the reason is kept');
  await page.getByLabel(/to confirm/).fill(shop.slug);
  await pressed(page, 'Suspend the shop');
  await page.getByText('Suspended since').waitFor();
  await t.inspect(page, 'installation-shop-suspended');
  await owner.goto('/clients');
  await owner.getByText('Sign in first').first().waitFor();
  await owner.goto('/sign-in');
  await send(owner, 'sign-in', { email: shop.email, password: PASSWORD });
  await owner.getByText('This shop is suspended. Ask whoever runs this installation.').first().waitFor();
  await t.axe(owner);
}

async function resume(t, page, owner) {
  await pressed(page, 'Resume the shop');
  await page.getByRole('button', { name: 'Suspend the shop' }).waitFor();
  await t.inspect(page, 'installation-shop');
  await owner.goto('/clients');
  await owner.getByRole('heading', { name: 'Clients' }).first().waitFor();
  await owner.goto('/audit');
  await owner.getByText('Whoever runs this installation').first().waitFor();
}

async function around(t, page, shop) {
  for (const place of ['health', 'log']) {
    await page.goto(`${t.server.admin}/installation/${place}`);
    await t.inspect(page, `installation-${place}`);
  }
  t.check(await page.getByText(shop.slug).first().isVisible(), 'the log names the shop');
  await pressed(page, /Sign out/);
  await page.waitForURL(/sign-in$/);
  await page.goto(`${t.server.admin}/installation/shops`);
  t.equal(new URL(page.url()).pathname, '/installation/sign-in', 'signed out');
  t.server.command('admin', 'remove', 'Ada');
  await pressed(page, 'Sign in with a passkey');
  await page.getByText('This passkey was not accepted').waitFor();
}
