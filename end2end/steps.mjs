// Steps that several journeys share: forms by their name, a shop of one's own, mail from the outbox.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

export const PASSWORD = 'four unrelated heron words';
let counter = 0;

/** A word no other journey uses, so that journeys do not meet in lists and mails. */
export function unique(word) {
  return `${word}${Date.now().toString(36)}${++counter}`;
}

const scriptless = new WeakSet();
const handless = new WeakSet();

/** A page that knows which of its forms the office's script has taken over. `keyboard`: steps on it use no pointer. */
export async function watched(journey, { plain = false, keyboard = false, ...options } = {}) {
  const page = await journey.page(options);
  if (keyboard) handless.add(page);
  // `plain`: pages whose forms no script takes over, such as the portal's.
  if (options.javaScript === false || plain) {
    scriptless.add(page);
    return page;
  }
  await page.addInitScript(() => {
    const listen = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function (kind, ...rest) {
      if (kind === 'submit' && this instanceof HTMLFormElement) this.taken = true;
      return listen.call(this, kind, ...rest);
    };
  });
  return page;
}

/** The same person in another browser: signed in there as well. */
export async function also(journey, page, options = {}) {
  return watched(journey, { ...options, storageState: await page.context().storageState() });
}

/** The form of that name (`post[form]`). */
export const form = (page, name) => page.locator(`form:has(> input[name="post[form]"][value="${name}"])`);

/** Waits until the script has taken the form over: before that a click is a plain post, which is another journey. */
export const alive = (page, name) => taken(form(page, name));

const taken = (locator) =>
  locator.evaluate(async (element) => {
    const until = Date.now() + 30_000;
    while (!element.taken && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    if (!element.taken) throw new Error('the script did not take the form over');
  });

/** Fills the fields of a form: text, selects (by value), ticks (true/false), choices (by value). */
export async function fill(page, name, fields) {
  for (const [key, value] of Object.entries(fields)) {
    const field = form(page, name).locator(`[name="form[${key}]"], [name="${key}"]`);
    const kind = await field.first().evaluate((element) => element.type);
    if (handless.has(page)) await byKeys(page, kind === 'radio' ? field.and(page.locator(`[value="${value}"]`)) : field.first(), kind, value);
    else if (kind === 'select-one') await field.selectOption(value);
    else if (kind === 'checkbox') await field.setChecked(value);
    else if (kind === 'radio') await field.and(page.locator(`[value="${value}"]`)).check();
    else await field.fill(value);
  }
}

/** The same by Tab and what can be typed. */
async function byKeys(page, field, kind, value) {
  await tabTo(page, field);
  if (kind === 'select-one') {
    const label = await field.locator(`option[value="${value}"]`).first().evaluate((option) => option.label);
    // As people do: the first word finds it.
    await page.keyboard.type(label.split(' ')[0]);
    return assert.equal(await field.inputValue(), value, `“${label}” is found by its first word`);
  }
  if (kind === 'checkbox' || kind === 'radio') {
    return (await field.isChecked()) === value ? undefined : page.keyboard.press('Space');
  }
  await page.keyboard.press('ControlOrMeta+A');
  return page.keyboard.type(value);
}

/** Presses Tab until the element has the focus, once around the page at most. */
async function tabTo(page, locator) {
  await locator.first().waitFor();
  for (let turn = 0; turn < 250; turn++) {
    if (await locator.first().evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the Tab key never reaches ${locator}`);
}

/** Follows a link or presses a button: with the pointer, or by Tab and Enter. */
export async function press(page, locator) {
  if (!handless.has(page)) return locator.click();
  await tabTo(page, locator);
  return page.keyboard.press('Enter');
}

/** Ticks a box: with the pointer, or by Tab and Space. */
export async function tick(page, locator) {
  if (!handless.has(page)) return locator.check();
  await tabTo(page, locator);
  return (await locator.isChecked()) ? undefined : page.keyboard.press('Space');
}

/** Fills a form and sends it by its button; returns the server's answer. Without script that is the next page. */
export async function send(page, name, fields = {}) {
  if (!scriptless.has(page)) await alive(page, name);
  await fill(page, name, fields);
  // Of this function: pages load what they show by posts, too.
  const action = await form(page, name).getAttribute('action');
  const answer = page.waitForResponse((one) => one.request().method() === 'POST' && new URL(one.url()).pathname === action);
  await press(page, form(page, name).locator('[type=submit]'));
  const came = await answer;
  if (scriptless.has(page)) await page.waitForLoadState('load');
  return came;
}

/** Signs out by the person's menu. */
export async function signOut(page) {
  if (!scriptless.has(page)) await taken(page.locator('#person-menu form'));
  await press(page, page.locator('.menu__button'));
  await press(page, page.getByRole('button', { name: 'Sign out' }));
}

/** The words beside a refused field. */
export const words = (page, name, field) => page.locator(`[id="${name}-${field}-error"]`);

/** Opens a shop through the sign-up page; its owner stays signed in in the browser that is returned. */
export async function openShop(journey, shop, options = {}) {
  const page = await watched(journey, { javaScript: false });
  const owner = { shop: unique(shop), name: 'Olive Owner', email: `${unique('owner')}@example.com` };
  await page.goto('/sign-up');
  await send(page, 'sign-up', {
    shop_name: owner.shop, phone: '+1 416 555 0100', tax_name: 'HST', tax_rate: '13',
    name: owner.name, email: owner.email, password: PASSWORD,
  });
  await page.waitForURL('/');
  return { desk: page, page: await also(journey, page, options), ...owner };
}

/** The newest mail to an address, as text. */
export async function mailTo(page, email) {
  const request = page.context().request;
  for (let turn = 0; turn < 100; turn++) {
    const list = await (await request.get('/dev/outbox')).text();
    for (const [, href] of list.matchAll(/href="(\/dev\/outbox\/[^"]+)"/g)) {
      const mail = await (await request.get(href)).text();
      // Everybody who signs in with a second browser is told so, and whoever signed gets a copy; what is asked for here is
      // another letter.
      if (mail.includes(email) && !/A new browser signed in|Signed work order/.test(mail)) return plain(mail);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`no mail to ${email}`);
}

/** Lines that the mail format has folded, whole again. */
function plain(mail) {
  if (!/content-transfer-encoding: quoted-printable/i.test(mail)) return mail;
  return mail.replaceAll(/=\r?\n/g, '').replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

/** The first link in a mail that begins with `path`, as a path. */
export function linkIn(mail, path) {
  const found = mail.match(new RegExp(`https?://[^/\\s]+(${path}[^\\s<>"]+)`));
  if (!found) throw new Error(`no link ${path} in the mail`);
  return found[1];
}

/** Invites somebody and accepts in a browser of their own; returns their page. `desk` is a manager's page. */
export async function join(journey, desk, role, name, options = {}) {
  const email = `${unique(role)}@example.com`;
  await desk.goto('/members');
  await send(desk, 'invite', { email, role });
  await desk.getByRole('table', { name: 'Open invitations' }).getByText(email).waitFor();
  const link = linkIn(await mailTo(desk, email), '/invite/');
  const page = await watched(journey, options);
  await page.goto(link);
  await send(page, 'accept', { name, password: PASSWORD });
  await page.waitForURL('/');
  return { page, email, name };
}

/** RFC 6238: the six digits of now, or of so many steps later. */
export function code(secret, shift = 0) {
  const bits = [...secret.replaceAll(' ', '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + shift));
  const mac = createHmac('sha1', key).update(step).digest();
  return String((mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Sets up a code app as second step; returns its secret. No code of it serves twice. */
export async function secondStep(page) {
  await page.goto('/account/second-step');
  await send(page, 'begin-app');
  await page.waitForURL('/account/second-step/app');
  const secret = await page.locator('code.secret').innerText();
  await send(page, 'confirm-app', { proof: code(secret, -1) });
  await page.waitForURL('/account/second-step/codes');
  return secret;
}

/** Confirms who it is, with password and code, and is led to `next`. `shift` picks a code not used yet. */
export async function confirm(page, secret, next, shift = 0, password = PASSWORD) {
  await page.goto(`/confirm?next=${next}`);
  await send(page, 'confirm', { password, proof: code(secret, shift) });
  await page.waitForURL(next);
}
