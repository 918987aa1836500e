// What people type is text and stays text; what cannot be kept is refused with words, never with an error page.
import { form, openShop, send, words } from '../steps.mjs';
import { takeCall } from '../trade.mjs';

export const name = 'hostile input';

const SCRIPT = '</textarea><script>document.title = "owned"</script><img src=x onerror="document.title=1">';

export default async function run(t) {
  t.allow(/status of 4\d\d/);
  const { desk } = await openShop(t, 'Hard <b>Cases</b> ');
  const job = await takeCall(desk, { caller: '<i>Mina</i> & "Moss"', requested: SCRIPT, address: '=cmd|calc', ceiling: '300' });

  // As text on the job's page, as text in the field that changes it.
  for (const path of [job, `${job}/edit`]) {
    await desk.goto(path);
        t.equal(await desk.locator('script:not([nonce])').count(), 0, `no script of a stranger on ${path}`);
    t.equal(await desk.locator('main img, main i').count(), 0, 'no markup of a stranger either');
    t.check(!/owned|^1$/.test(await desk.title()), 'nothing of it ran');
    await t.axe(desk);
    await t.valid(desk);
  }
  t.equal(await form(desk, 'order').locator('[name="form[requested]"]').inputValue(), SCRIPT, 'every letter of it is kept');

  // A refused form gives back what was typed, escaped too.
  await desk.goto('/jobs/new');
  await send(desk, 'call', { caller: SCRIPT, requested: SCRIPT, ceiling: '-5' });
  await words(desk, 'call', 'ceiling').waitFor();
  t.equal(await form(desk, 'call').locator('[name="form[requested]"]').inputValue(), SCRIPT, 'typed text comes back whole');
  await t.valid(desk);

  const bad = { 'a lot': 'ceiling', '99999999999999999999': 'ceiling', '1e9': 'ceiling', 'NaN': 'ceiling' };
  for (const [value, field] of Object.entries(bad)) {
    const answer = await send(desk, 'call', { caller: 'Mina', requested: 'x', [field]: value });
    t.check(answer.status() < 500, `${value} answered ${answer.status()}`);
    await words(desk, 'call', field).waitFor();
  }
  await send(desk, 'call', { caller: 'M'.repeat(5_000), requested: 'x', ceiling: '' });
  await words(desk, 'call', 'caller').waitFor();
  t.check((await words(desk, 'call', 'caller').innerText()).trim() !== '', 'too long is said in words');

  // Addresses nobody made: never an error of ours.
  for (const path of ['/jobs/%00', '/jobs/../../etc/passwd', '/clients/null', `/search?q=${encodeURIComponent(SCRIPT)}`, '/jobs?after=zzz', '/invoices?status=%27%3B--', `/search?q=${'x'.repeat(3_000)}`]) {
    const answer = await desk.context().request.get(path);
    t.check(answer.status() < 500, `${path.slice(0, 60)} answered ${answer.status()}`);
    t.check(!(await answer.text()).includes('<script>document.title'), `${path.slice(0, 60)} echoes markup`);
  }
}
