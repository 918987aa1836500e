// Photos of a job, with script and without: taken in clean, refused in words, looked at on record, removed and put back.
import { deflateSync, crc32 } from 'node:zlib';
import { alive, confirm, fill, form, secondStep, send, unique, watched, words } from '../steps.mjs';

export const name = 'photos of a job';

export default async function run(t) {
  t.allow(/422/);
  for (const javaScript of [true, false]) await photos(t, javaScript);
  await tablet(t);
}

/** A PNG of stripes, with a word where cameras write theirs. */
function picture(width, height, colour, word = 'ZZQ-PLACE') {
  const rows = Buffer.concat(
    Array.from({ length: height }, (_, y) => Buffer.concat([Buffer.of(0), Buffer.alloc(width * 3, Buffer.from(y % 40 < 20 ? colour : [240, 236, 226]))])),
  );
  const chunk = (kind, content) => {
    const body = Buffer.concat([Buffer.from(kind), content]);
    const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, crc]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', head),
    chunk('tEXt', Buffer.from(`Comment\0${word}`)),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const file = (name, buffer) => ({ name, mimeType: 'image/png', buffer });
const field = (page) => form(page, 'photos').locator('input[type=file][multiple]');
const shown = (page) => page.locator('.photo__small').evaluateAll((all) => all.map((one) => one.complete && one.naturalWidth));

async function loaded(page, count) {
  await page.locator('.photo__small').nth(count - 1).waitFor();
  for (const one of await page.locator('.photo__small').all()) {
    await one.scrollIntoViewIfNeeded();
    await one.evaluate((image) => image.complete || new Promise((done) => image.addEventListener('load', done)));
  }
  return (await shown(page)).slice(-count);
}

/** Keeps what the form says while it sends. */
const overhear = (page) =>
  page.evaluate(() => {
    window.said = [];
    const says = document.querySelector('.sending');
    new MutationObserver(() => window.said.push(says.querySelector('p').textContent)).observe(says, { subtree: true, childList: true, characterData: true });
  });

async function job(t, options) {
  const page = await watched(t, options);
  await page.goto('/sign-in');
  await page.locator('input[type=email]').fill('marcus@northgate.example');
  await page.locator('input[type=password]').fill('demo-shop-2026');
  await page.locator('form:has(input[type=password]) [type=submit]').click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
  await page.goto('/jobs');
  await page.locator('main table a[href^="/jobs/"]').nth(options.nth ?? 0).click();
  await page.locator('#photos').waitFor();
  return page;
}

async function photos(t, javaScript) {
  const page = await job(t, { javaScript, nth: javaScript ? 0 : 1 });
  const caption = unique('Front door ');
  const open = () => page.locator('#photos summary', { hasText: 'Add photos' }).click();
  await open();
  // What is no photo is refused in words, and what was typed stays.
  if (javaScript) await alive(page, 'photos');
  await fill(page, 'photos', { caption, kind: 'after' });
  await field(page).setInputFiles(file('door.gif', Buffer.from('GIF89a')));
  await send(page, 'photos');
  await words(page, 'photos', 'photos').getByText('This is a GIF').waitFor();
  t.equal(await form(page, 'photos').locator('[name="form[caption]"]').inputValue(), caption, 'what was typed came back');
  await t.inspect(page, javaScript ? 'photos-refused' : 'photos-refused-plain');
  // Two at once.
  const before = await page.locator('.photo__small').count();
  await field(page).setInputFiles([file('a.png', picture(900, 600, [178, 58, 46])), file('b.png', picture(500, 700, [46, 98, 110]))]);
  if (javaScript) await overhear(page);
  await form(page, 'photos').locator('[type=submit]').click();
  await page.locator('.photo__small').nth(before + 1).waitFor();
  if (javaScript) t.check((await page.evaluate(() => window.said)).includes('Sending photo 2 of 2'), 'it says how far it is');
  t.equal(await loaded(page, 2), [320, 228], 'both stand there, made small');
  await t.inspect(page, javaScript ? 'photos' : 'photos-plain');
  // One of them in full: a look on record.
  await page.locator('.photo__link', { hasText: caption }).first().click();
  const whole = page.locator('img.photo__whole');
  await whole.waitFor();
  const size = await whole.evaluate((image) => (image.complete ? 0 : new Promise((done) => image.addEventListener('load', done))).then?.(() => image.naturalWidth) ?? image.naturalWidth);
  t.equal(size, 900, 'the picture is there in full');
  const bytes = Buffer.from(await (await page.context().request.get(await whole.getAttribute('src'))).body());
  t.check(bytes.subarray(0, 3).equals(Buffer.of(0xff, 0xd8, 0xff)) && !bytes.includes('ZZQ-PLACE'), 'written anew, without what stood beside the pixels');
  await t.inspect(page, javaScript ? 'photo' : 'photo-plain');
  await removal(t, page, javaScript);
}

async function removal(t, page, javaScript) {
  await page.locator('summary', { hasText: 'Remove it' }).click();
  await send(page, 'remove-photo');
  await words(page, 'remove-photo', 'reason').waitFor();
  if (!javaScript) t.check(await form(page, 'remove-photo').isVisible(), 'the form is open where something is wrong in it');
  await send(page, 'remove-photo', { reason: 'Of another job' });
  await page.getByText('Of another job').waitFor();
  t.equal(await page.locator('img.photo__whole').count(), 0, 'what is removed is not shown by itself');
  await t.inspect(page, javaScript ? 'photo-removed' : 'photo-removed-plain');
  await send(page, 'restore-photo');
  await page.locator('img.photo__whole').waitFor();
  await page.goto('/audit');
  const trail = await page.locator('table').innerText();
  for (const act of ['a photo', 'looked at a photo', 'removed a photo', 'put a photo back']) t.check(trail.includes(act), `the trail says: ${act}`);
}

/** On a tablet, in the dark: a restricted photo shows nothing by itself, and asks. */
async function tablet(t) {
  const page = await job(t, { size: 'tablet', colorScheme: 'dark', nth: 2 });
  await page.locator('#photos summary', { hasText: 'Add photos' }).click();
  await alive(page, 'photos');
  t.check(await form(page, 'photos').locator('[capture]').isVisible(), 'a tablet is offered its camera');
  await field(page).setInputFiles(file('key.png', picture(400, 300, [120, 90, 40])));
  await send(page, 'photos', { caption: 'Old key', restricted: true });
  const link = page.locator('.photo__link', { hasText: 'Restricted' }).first();
  await link.waitFor();
  await link.click();
  await page.getByText('Every look at it is recorded').waitFor();
  t.equal(await page.locator('img.photo__whole').count(), 0, 'nothing is shown before it is asked for');
  await t.inspect(page, 'photo-restricted');
  await page.getByText('sign in with a second step').waitFor();
  const here = new URL(page.url()).pathname;
  const secret = await secondStep(page);
  await confirm(page, secret, here, 0, 'demo-shop-2026');
  await page.getByRole('link', { name: 'Show it' }).click();
  await page.locator('img.photo__whole').waitFor();
}
