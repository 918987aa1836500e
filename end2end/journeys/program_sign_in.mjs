// A program asks to be let in: by keyboard alone through /authorize, and by a code on /device without script.
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { also, form, press, send, words } from '../steps.mjs';

export const name = 'a program signs in as a person';

const CLIENT = 'shearline-cli';

export default async function run(t) {
  t.allow(/status of 422/);
  t.allow(/status of 400/);
  const there = await (await fetch(`${t.url}/.well-known/oauth-authorization-server`)).json();
  const ask = async (url, fields) => {
    const answer = await fetch(url, { method: 'POST', body: new URLSearchParams({ client_id: CLIENT, ...fields }) });
    return { status: answer.status, body: await answer.json() };
  };
  const clients = async (token) =>
    (await fetch(`${t.url}/api/v1/clients?limit=1`, { headers: { authorization: `Bearer ${token}` } })).status;

  // A browser on the same machine: the program listens, the person answers without touching the pointer.
  const olivia = await t.person('olivia@northgate.example');
  const page = await also(t, olivia, { keyboard: true });
  const verifier = randomBytes(32).toString('base64url');
  const program = await listen();
  const link = (more) =>
    `${there.authorization_endpoint}?${new URLSearchParams({
      response_type: 'code',
      client_id: CLIENT,
      redirect_uri: program.address,
      scope: 'clients jobs write',
      state: 'as sent & back',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    })}`;
  await page.goto(link());
  await page.getByRole('heading', { name: 'Let a program in?' }).waitFor();
  await t.inspect(page, 'program-asks');
  t.equal(await form(page, 'let-in').locator('[type=checkbox]').count(), 2, 'two rooms are offered');
  // Nothing ticked: words beside it.
  await send(page, 'let-in', { clients: false, jobs: false });
  await words(page, 'let-in', 'clients').getByText('Tick at least one').waitFor();
  await send(page, 'let-in', { clients: true });
  const came = await program.came;
  t.equal(came.get('state'), 'as sent & back', 'the state comes back as it was sent');
  t.equal(came.get('iss'), there.issuer, 'and who answers');
  const given = await ask(there.token_endpoint, {
    grant_type: 'authorization_code',
    code: came.get('code'),
    redirect_uri: program.address,
    code_verifier: verifier,
  });
  t.equal(given.status, 200, 'the code is good for tokens');
  t.equal(given.body.scope, 'clients write', 'as far as it was ticked');
  t.equal(await clients(given.body.access_token), 200, 'the token reads clients');

  // A device, and a browser without script.
  const plain = await t.person('olivia@northgate.example', { javaScript: false });
  const device = (await ask(there.device_authorization_endpoint, { scope: 'clients' })).body;
  await plain.goto(device.verification_uri);
  await form(plain, 'device').locator('[name="form[code]"]').fill('BBBB-BBBB');
  await form(plain, 'device').getByRole('button', { name: 'Next' }).click();
  await plain.getByText('No device waits with this code.').waitFor();
  await form(plain, 'device').locator('[name="form[code]"]').fill(device.user_code.toLowerCase().replace('-', ''));
  await form(plain, 'device').getByRole('button', { name: 'Next' }).click();
  await plain.getByText('Did you start this yourself?').waitFor();
  await t.inspect(plain, 'device-asks-plain');
  await form(plain, 'let-in').getByRole('button', { name: 'Let it in' }).click();
  await plain.getByText('The device is let in').waitFor();
  const polled = await ask(there.token_endpoint, {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: device.device_code,
  });
  t.equal(polled.status, 200, 'the device gets its tokens');

  // Both stand on the account's page; signed out there, they open nothing.
  await page.goto('/account');
  await page.getByRole('heading', { name: 'Programs signed in as you' }).waitFor();
  await t.inspect(page, 'account-programs');
  const outs = page.getByRole('button', { name: 'Sign out', exact: true }).and(page.locator('table button'));
  t.equal(await outs.count(), 2, 'two programs are signed in');
  for (let left = 2; left > 0; left--) {
    await press(page, outs.first());
    await page.waitForFunction((n) => document.querySelectorAll('table form input[name=program]').length === n, left - 1);
  }
  t.equal(await clients(given.body.access_token), 401, 'signed out at once');
  t.equal(await clients(polled.body.access_token), 401, 'both of them');

  // A stranger's link stays here.
  const stranger = await page.goto(link({ redirect_uri: 'https://evil.example/callback' }));
  t.equal(stranger.status(), 400, 'an answer that would go elsewhere is not given');
  program.close();
}

/** The program's side: one request to /callback. */
async function listen() {
  let found;
  const came = new Promise((resolve) => (found = resolve));
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    response.setHeader('content-type', 'text/plain');
    response.end('Back to the terminal.');
    if (url.pathname === '/callback') found(url.searchParams);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { address: `http://127.0.0.1:${server.address().port}/callback`, came, close: () => server.close() };
}
