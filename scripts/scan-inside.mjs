// usage: scan-inside.mjs: two scanners at a running server with the demo shops, from inside: signed in, and with a key.
//
// Schemathesis makes thousands of requests of the API's description (scan-api.sh). sqlmap looks for injection into SQL, in
// the pages' addresses, their forms and the API; first at a planted hole (scan-control.py), which it must find: a scanner
// that finds nothing there shows nothing here. Needs `make assets server` before it.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { startServer } from '../end2end/server.mjs';
import { Visitor } from './visitor.mjs';

const root = new URL('..', import.meta.url).pathname;
const sqlmap = `${root}.tools/sqlmap/bin/sqlmap`;
const found = /identified the following injection point|is vulnerable/;

async function install() {
  if (existsSync(sqlmap)) return;
  await run('python3', ['-m', 'venv', `${root}.tools/sqlmap`]);
  await run(`${root}.tools/sqlmap/bin/pip`, ['install', '--quiet', 'sqlmap==1.10.10']);
}

/** Runs a command to its end and gives what it printed. Meanwhile the server's log goes on being read. */
function run(command, args, stdout = 'pipe') {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', stdout, 'inherit'] });
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (said += text));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(said) : reject(new Error(`${command} ended with ${code}:\n${said}`))));
  });
}

/** What sqlmap says of one address; `found` in it means an injection. */
async function inject(folder, url, options = []) {
  const usual = ['--batch', '--flush-session', '--disable-coloring', '--output-dir', folder, '--level', '1', '--risk', '2', '--technique', 'BEUST', '--time-sec', '2', '--threads', '4'];
  const said = await run(sqlmap, ['-u', url, ...usual, '--ignore-code', '*', ...options]);
  if (!/testing for SQL injection|identified the following/.test(said)) throw new Error(`sqlmap tested nothing at ${url}:\n${said}`);
  return said;
}

/** The planted hole. */
async function control(folder) {
  const child = spawn('python3', [`${root}scripts/scan-control.py`], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const port = await new Promise((resolve, reject) => {
      child.stdout.once('data', (line) => resolve(Number(line)));
      child.once('exit', () => reject(new Error('the control did not start')));
    });
    return found.test(await inject(folder, `http://127.0.0.1:${port}/?id=1`));
  } finally {
    child.kill();
  }
}

async function main() {
  await install();
  mkdirSync(`${root}target`, { recursive: true });
  const folder = mkdtempSync(`${root}target/scan-inside.`);
  process.env.SHEARLINE_REQUESTS_A_MINUTE = '10000000';
  const server = await startServer(folder);
  let bad = false;
  const verdict = (good, words) => {
    console.log(`   ${good ? 'ok    ' : 'FAILED'} ${words}`);
    bad ||= !good;
  };
  try {
    const owner = new Visitor(server.url);
    await owner.signIn('olivia@northgate.example', 'demo-shop-2026');
    const key = await owner.makeKey('Scanner');
    console.log('== Schemathesis');
    const described = run(`${root}scripts/scan-api.sh`, [server.url, key], 'inherit');
    verdict(await described.then(() => true, () => false), 'the API does as it is described');
    console.log('== sqlmap');
    verdict(await control(folder), 'the planted hole is found');
    const cookie = ['--cookie', owner.cookies(), '--skip', 'session,device'];
    const bearer = ['--headers', `Authorization: Bearer ${key}`];
    const [client] = (await (await fetch(`${server.url}/api/v1/clients?limit=1`, { headers: { authorization: `Bearer ${key}` } })).json()).data;
    const form = `post[id]=0&post[shop]=&post[back]=/sign-in&post[form]=sign-in&form[email]=a@b.example&form[password]=x&form[next]=/`;
    const places = [
      ['/search?q=lock', cookie],
      ['/clients?q=a&sort=name', cookie],
      ['/jobs?status=all&q=a&sort=number&after=9.9', cookie],
      ['/invoices?status=all&after=9.9', cookie],
      [`/clients/${client.id}*`, cookie],
      ['/audit?person=x&what=x', cookie],
      [`/api/v1/clients?cursor=${client.id}&limit=5&q=a`, bearer],
      [`/api/v1/jobs?client=${client.id}&status=new`, bearer],
      ['/fn/office/sign_in', ['--data', form, '-p', 'form[email],form[password],form[next]', '--headers', `Origin: ${server.url}`]],
      ['/p/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA*', []],
    ];
    for (const [place, options] of places) verdict(!found.test(await inject(folder, `${server.url}${place}`, options)), place);
    verdict(server.alive(), 'the server is still there');
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit(bad ? 1 : 0);
}

await main();
