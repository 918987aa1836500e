// The browser: what the system has, never a download.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

export function openBrowser() {
  const folders = (process.env.PATH ?? '').split(':');
  const executablePath = NAMES.flatMap((name) => folders.map((folder) => `${folder}/${name}`)).find(existsSync);
  if (!executablePath) throw new Error('no Chromium on PATH: make setup-test installs it');
  // Chromium's sandbox refuses to run as root, which CI is.
  const asRoot = process.getuid() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args: [...FLAGS, ...asRoot] });
}
