// Debian's Chromium, watched: errors in its console, accessibility, and pages wider than the screen are findings.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const web = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = web('playwright-core');
const axe = readFileSync(web.resolve('axe-core/axe.min.js'), 'utf8');

export const kSizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

// Only how long a step may take at all before something is wrong; long, for machines that build beside.
const kPatienceMs = 60_000;

export async function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

// `home` is where everything has to come from: the console works without the internet, below any path.
export async function openPage(browser, language, findings, { size = kSizes[0], home = '' } = {}) {
  const context = await browser.newContext({ viewport: size, locale: language, acceptDownloads: true });
  context.setDefaultTimeout(kPatienceMs);
  const page = await context.newPage();
  page.on('pageerror', (error) => findings.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    // What is typed wrong is answered 422, which the browser reports by itself.
    const isExpected = message.location().url.endsWith('/segments/parse');
    if (message.type() === 'error' && !isExpected) findings.push(`${page.url()}: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (home && /^https?:/.test(request.url()) && !request.url().startsWith(home)) findings.push(`asked elsewhere: ${request.url()}`);
  });
  return page;
}

export async function inspect(page, name, folder, findings, { axe: withAxe = true } = {}) {
  const { width } = page.viewportSize();
  mkdirSync(folder, { recursive: true });
  // Half shown is neither the page nor readable: what moves has come to its end.
  await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity).map((one) => one.finished.catch(() => undefined))));
  await page.screenshot({ path: `${folder}/${name}-${width}.png` });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (over > 1) findings.push(`${name} at ${width}: ${over} pixels wider than the screen`);
  if (!withAxe) return;
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const found = await window.axe.run(document, { resultTypes: ['violations'] });
    return found.violations
      .filter((one) => one.impact === 'serious' || one.impact === 'critical')
      .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
  });
  for (const violation of violations) findings.push(`${name} at ${width}: ${violation}`);
}

export const screenshots = (language) => fileURLToPath(new URL(`../../build/screenshots/${language}`, import.meta.url));
