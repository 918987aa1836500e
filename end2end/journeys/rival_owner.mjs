// The owner of one demo shop tries every address and every form of the other: nothing there, as if it had never been.
import { randomUUID } from 'node:crypto';
import { crawl, nobodys, plain, UUID } from '../crawl.mjs';

export const name = 'rival owner tries every address';

/** Pages every shop has: an unknown id in their query is left aside, so they answer 200. */
const EVERYWHERE = /^\/(jobs\/new|jobs|clients|invoices|audit|alerts)\?/;

export default async function run(t) {
  t.allow(/status of 404/);
  const owner = await t.person('olivia@northgate.example', { javaScript: false });
  const { paths, forms } = await crawl(t, owner);
  const kinds = new Set([...paths].map(nobodys));
  t.check(paths.size >= 100 && kinds.size >= 15, `only ${paths.size} addresses of ${kinds.size} kinds were found`);
  const rival = await t.person('bruce@bluebell.example');
  await addresses(t, paths, rival);
  await functions(t, forms, owner, rival);
  await shown(t, paths, rival);
}

/** Every address with an id in it answers the rival as it answers about an id nobody has, to the letter. */
async function addresses(t, paths, rival) {
  const get = (path) => rival.context().request.get(path, { maxRedirects: 0, headers: { accept: 'text/html' } });
  const nowhere = new Map();
  for (const path of paths) {
    const kind = nobodys(path);
    if (!nowhere.has(kind)) nowhere.set(kind, await get(kind).then(async (one) => ({ status: one.status(), text: plain(await one.text()) })));
    const there = await get(path);
    t.equal(there.status(), EVERYWHERE.test(path) ? 200 : 404, `${path} as the rival`);
    t.equal(there.status(), nowhere.get(kind).status, `${kind} answers otherwise than ${path}`);
    t.equal(plain(await there.text()), nowhere.get(kind).text, `${path} reads otherwise than an address nobody has`);
  }
}

/** Every form that names something, sent by the rival in the rival's own name: refused, and nothing has happened. */
async function functions(t, forms, owner, rival) {
  const newest = () => owner.context().request.get('/audit').then(async (one) => (await one.text()).match(/<tbody>.*?<\/tr>/s)?.[0]);
  const before = await newest();
  t.check(before, 'the owner sees the audit trail');
  await rival.goto('/clients/new');
  const shop = await rival.locator('input[name="post[shop]"]').first().inputValue();
  t.check(new Set(forms.map((one) => one.action)).size >= 15, `only ${forms.length} forms were found`);
  for (const { action, fields, page } of forms) {
    const send = async (ids) => {
      const form = fields.map(([key, value]) => {
        if (key === 'post[shop]') return [key, shop];
        if (key === 'post[id]') return [key, `${randomUUID()}.${value.split('.').pop()}`];
        return [key, key.startsWith('post[') ? value : ids(value)];
      });
      const data = new URLSearchParams(form).toString();
      const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', origin: t.url };
      const answer = await rival.context().request.post(action, { data, headers, maxRedirects: 0 });
      return { status: answer.status(), text: plain(await answer.text()) };
    };
    const there = await send((value) => value);
    t.check(there.status >= 400 && there.status < 500, `${action} of ${page} answered the rival with ${there.status}: ${there.text}`);
    t.equal(there, await send(nobodys), `${action} of ${page} answers otherwise than about an id nobody has`);
  }
  t.equal(await newest(), before, "nothing happened in the owner's shop");
}

/** What the rival sees in a browser, with script. */
async function shown(t, paths, rival) {
  const job = [...paths].find((path) => new RegExp(`^/jobs/${UUID.source}$`).test(path));
  await rival.goto(job);
  await rival.getByText('Nothing here').waitFor();
  t.check(await rival.getByText('not yours to see').isVisible(), 'the page says so in words');
  await t.inspect(rival, 'not-found');
  for (const word of ['Northgate', 'olivia']) {
    await rival.goto(`/search?q=${word}`);
    await rival.getByText('Nothing fits').waitFor();
    t.equal(await rival.locator('main').getByText(/northgate\.example/).count(), 0, `searching ${word} finds nobody`);
  }
  await t.inspect(rival, 'search-nothing');
}
