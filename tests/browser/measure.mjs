// How long until the console answers: from the request of Today to its top list, in a fresh browser without a cache and again
// with one; and how long an edit of an expression takes until its count is there. Prints the medians.
//   ORIGIN=http://127.0.0.1:8080 NAME=owner PASSWORD=… CHROMIUM=$(command -v chromium) node tests/browser/measure.mjs
import { launch } from './browser.mjs';

const kRuns = 7;
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const { ORIGIN: origin, NAME: name, PASSWORD: password } = process.env;

const browser = await launch();
const state = await (async () => {
  const context = await browser.newContext({ locale: 'en' });
  const page = await context.newPage();
  await page.goto(origin);
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Today' }).waitFor();
  const kept = await context.storageState();
  await context.close();
  return kept;
})();

async function today(page) {
  const began = performance.now();
  await page.goto(origin, { waitUntil: 'commit' });
  await page.getByRole('heading', { name: 'Top 10 spenders of the day' }).waitFor();
  return performance.now() - began;
}

const cold = [];
const warm = [];
for (let run = 0; run < kRuns; run += 1) {
  const context = await browser.newContext({ locale: 'en', storageState: state });
  const page = await context.newPage();
  cold.push(await today(page));
  warm.push(await today(page));
  await context.close();
}

const context = await browser.newContext({ locale: 'en', storageState: state });
const page = await context.newPage();
await page.goto(`${origin}/segments/new?expression=${encodeURIComponent('order_count >= 2')}`);
await page.getByTestId('count').waitFor();
const edits = [];
for (let run = 0; run < kRuns; run += 1) {
  const answered = page.waitForResponse((response) => response.url().endsWith('/segments/count'));
  const began = performance.now();
  await page.getByLabel('Value', { exact: true }).fill(String(3 + run));
  await answered;
  await page.waitForFunction(() => document.querySelector('[data-testid=count]')?.closest('[aria-busy]')?.getAttribute('aria-busy') === 'false');
  edits.push(performance.now() - began);
}
await browser.close();
console.log(`Today, nothing cached: ${median(cold).toFixed(0)} ms; cached: ${median(warm).toFixed(0)} ms (medians of ${kRuns})`);
console.log(`an edit until its count stands there: ${median(edits).toFixed(0)} ms (median of ${kRuns})`);
