// The owner has the audit trail sent to a program, which checks every delivery for itself; it fails, and nothing is lost.
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';

export const name = 'owner has the audit trail sent to a program';

const SECRET = 'input[aria-label="The secret"]';

export default async function run(t) {
  t.allow(/status of 422/);
  for (const javaScript of [true, false]) {
    const receiver = await listen();
    try {
      await sent(t, await t.person('olivia@northgate.example', { javaScript }), receiver, javaScript);
    } finally {
      receiver.close();
    }
  }
}

async function sent(t, owner, receiver, javaScript) {
  const name = `SIEM ${javaScript ? 'one' : 'two'}`;
  await owner.goto('/shop');
  await owner.getByRole('link', { name: 'Webhooks' }).click();
  await owner.waitForURL('**/shop/webhooks');
  const add = owner.locator('form:has([name="form[url]"])');
  // An address inside: words beside the field, and what was typed is still there.
  await add.getByLabel('What is it?').fill(name);
  await add.getByLabel('Address').fill('https://10.0.0.9/in');
  await add.getByRole('button', { name: 'Register' }).click();
  await owner.getByText('inside the server', { exact: false }).first().waitFor();
  await owner.getByText('Tick at least one thing this receiver is told.').waitFor();
  t.equal(await add.getByLabel('What is it?').inputValue(), name, 'what was typed came back');
  await t.inspect(owner, javaScript ? 'webhooks-refused' : 'webhooks-refused-plain');
  await add.getByLabel('Address').fill(receiver.url);
  await add.getByLabel('Everything (for a SIEM)').check();
  await add.getByRole('button', { name: 'Register' }).click();
  await owner.locator(SECRET).waitFor();
  receiver.secret = await owner.locator(SECRET).inputValue();
  t.check(/^whsec_[A-Za-z0-9+/]{43}=$/.test(receiver.secret), 'the secret has the form that libraries read');
  await owner.reload();
  t.equal(await owner.locator(SECRET).count(), 0, 'the secret is shown once');
  // The registration itself is the first entry.
  await until(() => receiver.entries.length > 0, 'the first entry');
  t.equal(receiver.entries[0].payload.event.event, 'receiver_added', 'the registration arrived');
  await owner.getByRole('button', { name: 'Send a test' }).click();
  await until(() => receiver.types.includes('test'), 'a test');
  await shows(owner, 'Accepted (204)');
  await t.inspect(owner, javaScript ? 'webhook' : 'webhook-plain');
  // Down: the page says so, and when it is tried again.
  receiver.status = 500;
  await owner.getByRole('button', { name: 'Send a test' }).click();
  await shows(owner, 'Trying again');
  await shows(owner, 'Refused (500)');
  receiver.status = 204;
  const newest = Math.max(...receiver.entries.map((entry) => entry.seq));
  // From the beginning: everything comes, in order and without a gap.
  receiver.entries.length = 0;
  await owner.getByLabel('From entry').fill('1');
  await owner.getByRole('button', { name: 'Start again' }).click();
  await until(() => receiver.entries.some((entry) => entry.seq > newest), 'everything');
  t.check(receiver.entries.every((entry, at) => entry.seq === at + 1), 'every entry, in order, once');
  t.equal(receiver.forged, 0, 'every signature fits');
  await owner.getByRole('button', { name: 'Pause' }).click();
  await owner.getByText('Paused', { exact: true }).first().waitFor();
  await owner.getByRole('button', { name: 'Remove' }).click();
  await owner.waitForURL('**/shop/webhooks');
  t.equal(await owner.getByRole('link', { name }).count(), 0, 'it is removed');
  await owner.goto('/audit');
  const trail = await owner.locator('table').innerText();
  for (const act of ['registered a webhook', 'tested a webhook', 'started again a webhook', 'paused a webhook', 'removed a webhook']) {
    t.check(trail.includes(act), `the trail says: ${act}`);
  }
}

/** Loads the page until it says so. */
async function shows(page, words) {
  const until = Date.now() + 30_000;
  while (Date.now() < until) {
    if (await page.getByText(words, { exact: false }).count()) return;
    await new Promise((resolve) => setTimeout(resolve, 700));
    await page.reload();
  }
  throw new Error(`the page never says: ${words}`);
}

async function until(done, what) {
  const limit = Date.now() + 60_000;
  while (!done()) {
    if (Date.now() > limit) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A receiver: an HTTP server that checks signatures as docs/WEBHOOKS.md says. */
async function listen() {
  const receiver = { status: 204, secret: '', entries: [], types: [], forged: 0 };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': given } = request.headers;
      // Before the page has shown the secret, deliveries have to wait.
      const status = receiver.secret ? receiver.status : 503;
      if (status === 204) {
        const mac = createHmac('sha256', Buffer.from(receiver.secret.slice(6), 'base64'));
        const ours = `v1,${mac.update(`${id}.${at}.`).update(body).digest('base64')}`;
        if (!given.split(' ').includes(ours)) receiver.forged++;
        const { type, data } = JSON.parse(body);
        receiver.types.push(type);
        receiver.entries.push(...data.entries);
      }
      response.writeHead(status).end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${server.address().port}/in`;
  receiver.close = () => server.close();
  return receiver;
}
