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
  let waits = 0;
  for (let wrong = 0; wrong < 10; ) {
    await enter(stranger, owner.email, `guess number ${wrong}`);
    const said = await words(stranger, 'sign-in', 'password').innerText();
    const wait = /Wait (a second|\d+ seconds)/.exec(said);
    if (wait) {
      waits++;
      await stranger.waitForTimeout(wait[1] === 'a second' ? 1100 : Number.parseInt(wait[1], 10) * 1000 + 100);
    } else {
      wrong++;
    }
  }
  t.check(waits >= 3, `the last tries had to wait: ${waits}`);
  await t.inspect(stranger, 'locked-out');
  await enter(stranger, owner.email, PASSWORD);
  const said = await words(stranger, 'sign-in', 'password').innerText();
  t.check(/stays closed for half an hour/.test(said), 'the right password comes too late, and the words say what helps');
  t.equal(new URL(stranger.url()).pathname, '/sign-in', 'the stranger stays outside');

  await enter(known, owner.email, PASSWORD);
  await known.waitForURL('/');
  t.check(await known.locator('.menu__button').isVisible(), 'the owner goes on working');
}

async function enter(page, email, password) {
  await page.goto('/sign-in');
  await send(page, 'sign-in', { email, password });
}
