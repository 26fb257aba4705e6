import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { atEnd } from './lifetime.js';

const systemBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-device-scale-factor=1',
];

function findBrowser(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  const candidates = [...(named === undefined ? [] : [named]), ...systemBrowsers, chromium.executablePath()];
  return candidates.find((path) => existsSync(path));
}

function installWithApt(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  process.stderr.write('Installing chromium with apt-get (once)\n');
  const options = { stdio: ['ignore', 'ignore', 'inherit'] as const, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  execFileSync('apt-get', ['update', '-qq'], { ...options, stdio: [...options.stdio] });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { ...options, stdio: [...options.stdio] });
  return findBrowser();
}

/**
 * Path of a Chromium: the system's, else Playwright's own, else one installed with apt-get where that is possible.
 * @throws when there is none, with what to install.
 */
export function ensureBrowser(): string {
  const path = findBrowser() ?? installWithApt();
  if (path !== undefined) return path;
  throw new Error(
    'No Chromium found. Install one (`apt-get install chromium`, or `npx playwright-core install chromium`), or set CHROMIUM_PATH.',
  );
}

/** Starts a headless Chromium, which ends with this process at the latest. */
export async function launchBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: ensureBrowser(), headless: true, args: flags });
  atEnd(() => void browser.close().catch(() => undefined));
  return browser;
}
