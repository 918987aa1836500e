// usage: node end2end/run.mjs [WORD …]: plays the journeys whose file name contains a WORD, or all of them.
//
// Starts the built server with fresh data and the demo shops, on a free port, and opens Debian's Chromium. A journey
// fails by throwing, and also by any console error, page error, policy violation or answer of 500 and above.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { openBrowser } from './browser.mjs';
import { startServer } from './server.mjs';
import { Journey } from './journey.mjs';

const here = new URL('.', import.meta.url).pathname;
const artifacts = `${here}artifacts`;
const LIMIT_MS = 480_000;

async function main() {
  const words = process.argv.slice(2);
  const files = readdirSync(`${here}journeys`).filter(
    (file) => file.endsWith('.mjs') && (words.length === 0 || words.some((word) => file.includes(word))),
  );
  if (files.length === 0) throw new Error(`no journey matches ${words.join(' ') || 'anything'}`);
  rmSync(artifacts, { recursive: true, force: true });
  mkdirSync(artifacts, { recursive: true });

  const counts = { passed: 0, failed: 0 };
  const server = await startServer(artifacts);
  try {
    const browser = await openBrowser();
    for (const file of files.sort()) {
      (await play(file, browser, server)) ? counts.passed++ : counts.failed++;
    }
    await browser.close();
  } finally {
    await server.stop();
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

async function play(file, browser, server) {
  const started = Date.now();
  const journey = new Journey(file.replace(/\.mjs$/, ''), browser, server, artifacts);
  let label = journey.slug;
  let problem;
  try {
    const { name, default: run } = await import(`./journeys/${file}`);
    label = name ?? label;
    await withLimit(run(journey));
    await journey.settle();
  } catch (error) {
    problem = error;
    await journey.keepEvidence();
  }
  await journey.close();
  if (!server.alive()) problem = new Error('the server has ended; see end2end/artifacts/server.log', { cause: problem });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  if (!problem) {
    console.log(`ok    ${label} (${seconds} s, ${journey.checks} checks)`);
    return true;
  }
  console.log(`FAIL  ${label} (${seconds} s)\n      ${text(problem)}`);
  return false;
}

/** An error in our own indentation, without the terminal colours some libraries put in. */
function text(problem) {
  return stripVTControlCharacters(String(problem.stack ?? problem)).replaceAll('\n', '\n      ');
}

function withLimit(promise) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`longer than ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

try {
  await main();
} catch (error) {
  console.log(`FAIL  ${error.stack ?? error}`);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
// A browser or server that hangs while stopping must not hold up the result.
setTimeout(() => process.exit(), 5_000).unref();
