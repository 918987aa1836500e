// Everything a person can get at: follows every link of every page they see and collects addresses and forms with ids in them.
export const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
const NOBODYS = '01a20465-7811-77c0-aa3b-00000000dead';
/** Pages followed of each kind: two show as much as two hundred. All of them took three minutes and showed no more. */
const OF_A_KIND = Number(process.env.OF_A_KIND ?? 8);

/** The same text about an id that nobody has. */
export const nobodys = (text) => text.replaceAll(new RegExp(UUID.source, 'g'), NOBODYS);

/** An answer without what differs from one answer to the next: ids and nonces. */
export const plain = (text) =>
  nobodys(text)
    .replaceAll(/nonce="[^"]*"/g, 'nonce=""')
    // Whoever tries so many addresses raises an alert in a shop of their own, and its count comes into the frame meanwhile.
    .replaceAll(/<span class="rail__count"><span aria-hidden="true">\d+<!><\/span><span class="visually-hidden">\d+ open<!><\/span><!><!><\/span>/g, '<!>')
    .replaceAll(/(alerts\\*":)\d+/g, '$10');

/** Starts at the home page. `page` is signed in; its browser only reads what the requests bring. */
export async function crawl(journey, page) {
  const reader = await journey.page();
  const [queue, seen, paths, kinds, forms] = [['/'], new Set(), new Set(), new Map(), new Map()];
  for (let path = queue.shift(); path; path = queue.shift()) {
    if (seen.has(path) || !more(kinds, path)) continue;
    seen.add(path);
    const answer = await page.context().request.get(path, { headers: { accept: 'text/html' } });
    // A proof is there once a checkpoint covers what it is about; until then its page says so.
    const early = path.startsWith('/proof/') && answer.status() === 409;
    journey.check(early || answer.status() === 200, `${path} is there for its own shop: ${answer.status()}`);
    if (UUID.test(path)) paths.add(path);
    const found = await reader.evaluate(inside, await answer.text());
    queue.push(...found.hrefs);
    for (const form of found.forms.filter((one) => names(one))) {
      const kind = `${form.action} ${nobodys(form.name ?? '')}`;
      if (!forms.has(kind)) forms.set(kind, { ...form, page: path });
    }
  }
  return { paths, forms: [...forms.values()] };
}

/** Whether another page of this kind (the address but for its ids and its query) is wanted. */
function more(kinds, path) {
  const kind = nobodys(path).replace(/=[^&]*/g, '=');
  kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return kinds.get(kind) <= OF_A_KIND;
}

/** Whether a form names something of the shop. */
const names = (form) => form.action.startsWith('/fn/') && form.fields.some(([key, value]) => !key.startsWith('post[') && UUID.test(value));

/** Runs in the browser: the addresses and forms of a page. */
function inside(html) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const hrefs = [...page.querySelectorAll('a[href^="/"]')].map((one) => one.getAttribute('href').split('#')[0]);
  const forms = [...page.forms].map((form) => ({
    action: form.getAttribute('action') ?? '',
    name: form.querySelector('[name="post[form]"]')?.value,
    // Files are nothing an id stands in.
    fields: [...new FormData(form)].filter(([, value]) => typeof value === 'string'),
  }));
  return { hrefs: [...new Set(hrefs)].filter((href) => !/^\/(pkg|dev|p)\//.test(href)), forms };
}
