// The owner lets a program in: the key is shown once, works, and is dead as soon as another takes its place.
export const name = 'owner makes a key for a program';

const KEY = 'input[aria-label="The key"]';

export default async function run(t) {
  for (const javaScript of [true, false]) await program(t, await t.person('olivia@northgate.example', { javaScript }), javaScript);
}

async function program(t, owner, javaScript) {
  const purpose = `Accounting ${javaScript ? 'one' : 'two'}`;
  const ask = async (key, path, options = {}) => {
    const answer = await fetch(`${t.url}/api/v1${path}`, { ...options, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } });
    return { status: answer.status, body: await answer.json() };
  };
  await owner.goto('/shop');
  await owner.getByRole('link', { name: 'Keys for programs' }).click();
  await owner.waitForURL('**/shop/keys');
  const make = owner.locator('form:has([name="form[name]"])');
  // Nothing ticked: words beside what is missing, and what was typed is still there.
  await make.locator('[name="form[name]"]').fill(purpose);
  await make.getByRole('button', { name: 'Make the key' }).click();
  await owner.getByText('Tick at least one thing this key may see.').waitFor();
  t.equal(await make.locator('[name="form[name]"]').inputValue(), purpose, 'what was typed came back');
  await make.getByLabel('Clients, sites and openings').check();
  await make.getByLabel('Invoices (to read)').check();
  await make.getByRole('button', { name: 'Make the key' }).click();
  await owner.locator(KEY).waitFor();
  const key = await owner.locator(KEY).inputValue();
  t.check(/^shl_[A-Za-z0-9_-]{43}$/.test(key), 'the key has the form that scanners look for');
  await t.inspect(owner, javaScript ? 'keys' : 'keys-plain');
  await owner.reload();
  t.equal(await owner.locator(KEY).count(), 0, 'the key is shown once');
  const clients = await ask(key, '/clients?limit=5');
  t.check(clients.status === 200 && clients.body.data.length === 5, `the key reads clients: ${clients.status}`);
  t.equal((await ask(key, '/invoices?limit=1')).status, 200, 'and invoices');
  t.equal((await ask(key, '/jobs')).status, 403, 'but no jobs');
  t.equal((await ask(key, '/clients', { method: 'POST', body: '{}' })).status, 403, 'and writes nothing');
  await owner.reload();
  const row = owner.locator('tr', { hasText: purpose }).first();
  t.check(!(await row.innerText()).includes('Never'), 'its use is noted');
  await row.getByRole('button', { name: 'Replace' }).click();
  await owner.locator(KEY).waitFor();
  const next = await owner.locator(KEY).inputValue();
  t.check(next !== key, 'another key took its place');
  t.equal((await ask(key, '/clients')).status, 401, 'the old key is dead');
  t.equal((await ask(next, '/clients')).status, 200, 'the new one works');
  await owner.reload();
  await owner.locator('tr', { hasText: purpose }).first().getByRole('button', { name: 'Revoke' }).click();
  await owner.locator('tr', { hasText: purpose }).first().getByText('Over').waitFor();
  t.equal((await ask(next, '/clients')).status, 401, 'revoked, it opens nothing');
  await owner.goto('/audit');
  const trail = await owner.locator('table').innerText();
  for (const act of ['made an API key', 'replaced an API key', 'revoked an API key']) t.check(trail.includes(act), `the trail says: ${act}`);
}
