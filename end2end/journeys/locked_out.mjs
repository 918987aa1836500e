// Ten wrong passwords from a strange browser lock it out for half an hour, and not the browser its owner works in.
import { openShop, PASSWORD, send, signOut, watched, words } from '../steps.mjs';

export const name = 'locked out, and the browser that is known';

export default async function run(t) {
  t.allow(/status of 4\d\d/);
  const owner = await openShop(t, 'Stubborn Locks ');
  // This browser has signed in once by its password; so it is known.
  const known = await watched(t);
  await enter(known, owner.email, PASSWORD);
  await known.waitForURL('/');
  await signOut(known);
  await known.waitForURL(/\/sign-in/);

  const stranger = await watched(t, { javaScript: false });
  const said = () => words(stranger, 'sign-in', 'password').innerText();
  // Six at once; then each must wait longer than the one before.
  for (let n = 1; n <= 6; n++) await enter(stranger, owner.email, `guess number ${n}`);
  for (const seconds of [1, 3, 5, 10]) {
    await stranger.waitForTimeout(seconds * 1000 + 300);
    await enter(stranger, owner.email, `guess after ${seconds}`);
    t.check(/do not belong together/.test(await said()), `after ${seconds} s another guess is looked at`);
  }
  await t.inspect(stranger, 'locked-out');
  // One address has ten tries a minute, right or wrong; this is about the lock.
  await stranger.waitForTimeout(20_000);
  await enter(stranger, owner.email, PASSWORD);
  t.check(/stays closed for half an hour/.test(await said()), 'the right password comes too late, and the words say what helps');
  t.equal(new URL(stranger.url()).pathname, '/sign-in', 'the stranger stays outside');

  await enter(known, owner.email, PASSWORD);
  await known.waitForURL('/');
  await known.locator('.menu__button').waitFor();
}

async function enter(page, email, password) {
  await page.goto('/sign-in');
  await send(page, 'sign-in', { email, password });
}
