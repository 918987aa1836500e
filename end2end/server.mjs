// The server under test: the binary of `make run`, fresh data, a free port.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';

const root = new URL('..', import.meta.url).pathname;
// Making the demo shops by the road takes a minute, and more on a busy machine.
const START_LIMIT_MS = 600_000;

/** Starts it and waits until it says it is ready. `stop` ends it and removes its data. */
export async function startServer(artifacts) {
  // Outside the clone: as root the server becomes an ordinary user, who may not be able to enter the clone.
  const folder = mkdtempSync('/var/tmp/shearline-e2e.');
  chmodSync(folder, 0o755);
  cpSync(`${root}target/site`, `${folder}/site`, { recursive: true });
  const port = await freePort();
  // By name: browsers bind passkeys to one, and to no bare address.
  const url = `http://localhost:${port}`;
  const log = `${artifacts}/server.log`;

  const env = { ...process.env, SHEARLINE_DEV: '1', SHEARLINE_ADDR: `127.0.0.1:${port}`, SHEARLINE_PUBLIC_URL: url };
  Object.assign(env, { SHEARLINE_DATA: `${folder}/data`, SHEARLINE_SITE: `${folder}/site` });
  // All journeys come from one address.
  env.SHEARLINE_REQUESTS_A_MINUTE ??= '100000';
  // The receivers of the webhooks' journey are on this machine.
  env.SHEARLINE_WEBHOOK_NETWORKS = '127.0.0.1';
  const adminPort = await freePort();
  env.SHEARLINE_ADMIN_ADDR = `127.0.0.1:${adminPort}`;
  delete env.DATABASE_URL;
  const target = process.env.CARGO_TARGET_DIR ?? `${root}target`;
  const child = spawn(`${target}/debug/shearline`, ['serve', '--demo'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const sink = createWriteStream(log);
  child.stdout.pipe(sink, { end: false });
  child.stderr.pipe(sink, { end: false });
  const gone = new Promise((resolve) => {
    child.once('error', (error) => resolve(`cannot start: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`ended with ${code ?? signal}`));
  });

  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await gone;
      clearTimeout(hard);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => stop().finally(() => process.exit(130)));
  }

  const verdict = await Promise.race([gone, ready(url)]);
  if (verdict !== true) {
    await stop();
    throw new Error(`the server did not become ready: ${verdict}; see ${log}`);
  }
  /** False once the server has ended by itself: every later failure is only a consequence. */
  const alive = () => child.exitCode === null && child.signalCode === null;
  /** What a command says, run beside the server. */
  const command = (...args) => {
    const said = spawnSync(`${target}/debug/shearline`, args, { cwd: root, env, encoding: 'utf8' });
    if (said.status !== 0) throw new Error(`shearline ${args.join(' ')}: ${said.stderr}`);
    return said.stdout;
  };
  return { url, admin: `http://localhost:${adminPort}`, command, stop, alive, folder };
}

async function ready(url) {
  const until = Date.now() + START_LIMIT_MS;
  while (Date.now() < until) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return `no answer in ${START_LIMIT_MS / 1000} s`;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
