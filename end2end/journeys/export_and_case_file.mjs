// The owner takes the audit trail and a case file along; both stand on the trail first, and the trail's file holds.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const name = 'owner exports the audit trail and makes a case file';

export default async function run(t) {
  t.allow(/status of 422/);
  for (const javaScript of [true, false]) await taken(t, await t.person('olivia@northgate.example', { javaScript }), javaScript);
  const stranger = await t.page();
  await stranger.goto('/trust');
  await t.inspect(stranger, 'trust');
  t.check((await stranger.locator('main').innerText()).includes('not SOC 2'), 'what is not certified stands there');
}

async function taken(t, owner, javaScript) {
  const suffix = javaScript ? '' : '-plain';
  await owner.goto('/audit');
  await owner.getByRole('link', { name: 'Exports' }).click();
  await owner.waitForURL('**/exports');
  const form = owner.locator('form:has([name="form[kind]"])');
  const ready = await owner.getByText('Ready to download').count();
  await form.getByText('Audit trail (to be verified)').click();
  await form.getByRole('button', { name: 'Export' }).click();
  await owner.locator('.field__error:visible').first().waitFor();
  t.equal(await owner.getByText('Ready to download').count(), ready, 'without a reason nothing is exported');
  await owner.locator('form:has([name="form[kind]"]) [name="form[reason]"]').fill('Yearly audit');
  await owner.locator('form:has([name="form[kind]"])').getByText('Audit trail (to be verified)').click();
  await owner.locator('form:has([name="form[kind]"])').getByRole('button', { name: 'Export' }).click();
  await owner.getByText('Ready to download').first().waitFor();
  await t.inspect(owner, `exports${suffix}`);
  const log = await fetched(owner, /audit-trail\.ndjson/);
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  t.check(lines.length > 50 && lines[0].includes('"shearline_log":1'), `the trail has ${lines.length} lines`);
  t.check(verified(log).includes('It holds, if this is the shop'), 'the command line says that it holds');
  const other = `${log}.other`;
  writeFileSync(other, readFileSync(log, 'utf8').replace('"payload":"{', '"payload":"{ '));
  t.check(verified(other).startsWith('No.'), 'with one byte more it does not');

  await owner.goto('/jobs');
  await owner.locator('tbody a').first().click();
  await owner.waitForURL('**/jobs/*-*');
  const number = await owner.locator('.page-header').innerText();
  await owner.getByText('Make a case file').click();
  await owner.locator('#case-file [name="form[reason]"]').fill('Complaint of March');
  await owner.getByRole('button', { name: 'Make it' }).click();
  await owner.waitForURL('**/exports*');
  await owner.getByText('Ready to download').first().waitFor();
  const archive = readFileSync(await fetched(owner, /case-file\.zip/)).toString('latin1');
  for (const file of ['README.txt', 'timeline.html', 'verify.html', 'manifest.json']) t.check(archive.includes(file), `${file} is in it (${number.split('\n')[0]})`);
  await owner.goto('/audit');
  const trail = await owner.locator('table').innerText();
  for (const act of ['exported the audit trail', 'made a case file of the job']) t.check(trail.includes(act), `the trail says: ${act}`);
}

async function fetched(page, name) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).first().click()]);
  const path = join(mkdtempSync(join(tmpdir(), 'shl-export-')), download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

function verified(path) {
  try {
    return execFileSync('target/debug/shearline', ['verify', path], { encoding: 'utf8' });
  } catch (failed) {
    return `${failed.stdout ?? ''}`;
  }
}
