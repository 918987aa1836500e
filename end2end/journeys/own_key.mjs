// The owner puts the shop's secrets under a key of its own, at a stub of a transit engine; the key is locked there, and
// what is sealed closes; then the shop goes without again.
import { createServer } from 'node:http';
import { confirm, openShop, secondStep, send, words } from '../steps.mjs';

export const name = 'own key: refused, tried out, given up';

const PAGE = '/shop/own-key';
const TOKEN = 'hvs.of-this-journey';

export default async function run(t) {
  t.allow(/status of 4\d\d/);
  const engine = await transit();
  try {
    for (const javaScript of [true, false]) await owned(t, engine, javaScript);
  } finally {
    engine.close();
  }
}

async function owned(t, engine, javaScript) {
  const plain = javaScript ? '' : '-plain';
  const { page } = await openShop(t, 'Ownkey Locks ', { javaScript });
  await confirm(page, await secondStep(page), PAGE);
  await t.inspect(page, `own-key${plain}`);
  await refused(t, page, engine, plain);
  await send(page, 'vault-key', { address: engine.address, credential: TOKEN });
  await page.getByRole('heading', { name: 'Your key', exact: true }).waitFor();
  t.check(await page.getByText('transit/keys/shop').count(), 'the page says which key');
  t.check(!(await page.content()).includes(TOKEN), 'the token is never shown again');
  await t.inspect(page, `own-key-taken${plain}`);
  await left(t, page, engine, plain);
}

/** An address of another kind, one inside, a credential the service does not take: words beside the field, and no key is taken. */
async function refused(t, page, engine, plain) {
  const wrong = [
    [{ address: 'ftp://vault.example.com/transit/keys/shop', credential: TOKEN }, 'address'],
    [{ address: 'https://10.0.0.9/transit/keys/shop', credential: TOKEN }, 'address'],
    [{ address: engine.address, credential: '' }, 'credential'],
    [{ address: engine.address, credential: 'hvs.another' }, 'credential'],
  ];
  for (const [fields, beside] of wrong) {
    await page.goto(PAGE);
    await send(page, 'vault-key', fields);
    const problem = words(page, 'vault-key', beside).or(page.locator('.form__problem'));
    await problem.first().waitFor();
    t.check((await problem.first().innerText()).trim().length > 10, `words for ${JSON.stringify(fields)}`);
  }
  await t.inspect(page, `own-key-refused${plain}`);
  await page.goto(PAGE);
  t.equal(await page.getByRole('heading', { name: 'Your key', exact: true }).count(), 0, 'no key was taken');
}

/** While the service says no, the shop cannot go without; when it answers again, it can. */
async function left(t, page, engine, plain) {
  engine.locked = true;
  await send(page, 'leave-own-key');
  await page.locator('.form__problem, .flash').first().waitFor();
  await t.inspect(page, `own-key-locked${plain}`);
  engine.locked = false;
  // A service that said no is left alone for three seconds.
  await page.waitForTimeout(4_000);
  await page.goto(PAGE);
  await send(page, 'leave-own-key');
  await page.goto(PAGE);
  t.equal(await page.getByRole('heading', { name: 'Your key', exact: true }).count(), 0, 'the shop goes without');
  await page.goto('/audit');
  await page.locator('table').getByText('own key').first().waitFor();
}

/** What answers like a transit engine: encrypts and decrypts for one token, each under its context. */
async function transit() {
  const kept = [];
  const engine = { locked: false };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => (body += piece));
    request.on('end', () => {
      const [status, said] = answer(engine, kept, request, JSON.parse(body || '{}'));
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  engine.address = `http://127.0.0.1:${server.address().port}/transit/keys/shop`;
  engine.close = () => server.close();
  return engine;
}

function answer(engine, kept, request, asked) {
  if (engine.locked || request.headers['x-vault-token'] !== TOKEN) return [403, { errors: ['permission denied'] }];
  if (request.url.includes('/encrypt/')) {
    kept.push(asked);
    return [200, { data: { ciphertext: `vault:v1:${kept.length - 1}` } }];
  }
  const found = kept[Number(asked.ciphertext?.split(':')[2])];
  if (request.url.includes('/decrypt/') && found?.context === asked.context) return [200, { data: { plaintext: found.plaintext } }];
  return [400, { errors: ['message authentication failed'] }];
}
