// A person sets up a code app, signs in by it, adds a passkey, signs in by that alone, and is asked to confirm.
import { alive, code, fill, openShop, PASSWORD, press, send, signOut, watched, words } from '../steps.mjs';

export const name = 'second step: code app, recovery code, passkey, confirm';

export default async function run(t) {
  t.allow(/status of 4\d\d/);
  await byKeyboard(t);
  await withoutScript(t);
}

/** All of it by the keyboard alone. */
async function byKeyboard(t) {
  const owner = await openShop(t, 'Second Step Locks ', { keyboard: true });
  const { page } = owner;
  const { secret, codes } = await codeApp(t, page);
  await byCode(t, page, owner, secret);
  const other = await watched(t, { javaScript: false });
  await byRecoveryCode(t, other, owner, codes[0]);
  await passkey(t, page, owner);
}

/** All but passkeys, which are a script's. */
async function withoutScript(t) {
  const owner = await openShop(t, 'Plain Step Locks ');
  const { secret, codes } = await codeApp(t, owner.desk);
  const page = await watched(t, { javaScript: false });
  await byCode(t, page, owner, secret);
  await signOut(page);
  await byRecoveryCode(t, page, owner, codes[0]);
}

/** Picture, text, wrong code, right code, and ten recovery codes that are shown once. */
async function codeApp(t, page) {
  await page.goto('/account');
  await press(page, page.locator('main').getByRole('link', { name: /Second step/ }));
  await page.waitForURL('/account/second-step');
  await page.goto('/account/second-step');
  await t.inspect(page, 'second-step');
  await send(page, 'begin-app');
  await page.waitForURL('/account/second-step/app');
  const secret = await page.locator('code.secret').innerText();
  await t.inspect(page, 'second-step-app');
  await send(page, 'confirm-app', { proof: '000000' });
  await words(page, 'confirm-app', 'proof').waitFor();
  await send(page, 'confirm-app', { proof: code(secret, -1) });
  await page.waitForURL('/account/second-step/codes');
  const codes = await page.locator('.codes code').allInnerTexts();
  t.equal(codes.length, 10, 'ten recovery codes');
  await t.axe(page);
  await t.shot(page, 'recovery-codes');
  await page.reload();
  t.equal(await page.locator('.codes code').count(), 0, 'shown once');
  return { secret, codes };
}

async function password(page, email) {
  await page.goto('/sign-in');
  await send(page, 'sign-in', { email, password: PASSWORD });
  await page.waitForURL(/\/sign-in\/second-step/);
}

async function byCode(t, page, owner, secret) {
  if (page === owner.page) {
    await signOut(page);
    await page.waitForURL(/\/sign-in/);
  }
  await password(page, owner.email);
  await t.inspect(page, 'second-step-at-door');
  await page.goto('/clients');
  t.check(await page.getByText('Sign in first').first().isVisible(), 'no session before the second step');
  await page.goto('/sign-in/second-step');
  await send(page, 'second-step', { proof: '123' });
  await words(page, 'second-step', 'proof').waitFor();
  await send(page, 'second-step', { proof: code(secret) });
  await page.waitForURL('/');
}

/** The app is out of reach: one of the ten codes on paper. */
async function byRecoveryCode(t, page, owner, code) {
  await password(page, owner.email);
  await send(page, 'second-step', { proof: code });
  await page.waitForURL('/');
  await page.goto('/account/second-step');
  t.check(await page.getByText('9 recovery codes are left').isVisible(), 'one code is used up');
}

/** Chromium's virtual authenticator: it is asked to verify its user, and keeps the credential. */
async function passkey(t, page, owner) {
  const devices = await page.context().newCDPSession(page);
  await devices.send('WebAuthn.enable');
  await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await page.goto('/account/second-step');
  await alive(page, 'passkey');
  await fill(page, 'passkey', { name: 'Shop laptop' });
  await press(page, page.getByRole('button', { name: 'Add a passkey' }));
  await page.getByRole('table', { name: 'Your passkeys' }).waitFor();
  t.equal(await page.getByLabel('Name of the passkey Shop laptop').inputValue(), 'Shop laptop', 'the passkey has its name');
  await t.inspect(page, 'passkeys');
  await signOut(page);
  await page.waitForURL(/\/sign-in/);
  await page.goto('/sign-in');
  await alive(page, 'sign-in-passkey');
  await t.inspect(page, 'sign-in-with-passkey');
  await press(page, page.getByRole('button', { name: 'Sign in with a passkey' }));
  await page.waitForURL('/');
  await page.getByText(owner.shop).first().waitFor();
  t.check(await page.locator('.menu__button').isVisible(), 'the passkey alone signs in');
  await page.goto('/confirm?next=/account');
  await alive(page, 'confirm-passkey');
  await t.inspect(page, 'confirm');
  await press(page, page.getByRole('button', { name: 'Use a passkey' }));
  await page.waitForURL('/account');
}
