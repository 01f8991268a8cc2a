// How long the console takes until it answers, in medians: Today from an empty browser and again with what that one keeps,
// until its figures stand there and a key opens the search; then other pages; and an edit of an expression until its count,
// and who they are, stand there. Also how often, and for how long, the server itself was asked.
//   ORIGIN=http://127.0.0.1:8080 NAME=owner PASSWORD=… CHROMIUM=$(command -v chromium) node tests/browser/measure.mjs
import { launch } from './browser.mjs';

const kRuns = Number(process.env.RUNS ?? 7);
const { ORIGIN: origin, NAME: name, PASSWORD: password } = process.env;
const kPages = {
  'customers, the latest first': '/customers',
  'customers by what they spent': '/customers?sort=-total_spent',
  'customers of a filter': `/customers?where=${encodeURIComponent('order_count >= 3 and total_spent >= 300')}`,
  segments: '/segments',
  'segment builder, everybody': '/segments/new',
  RFM: '/insight/rfm',
  'life cycle and RFM settings': '/settings/definitions',
};

const sorted = (values) => [...values].sort((a, b) => a - b);
const median = (values) => sorted(values)[Math.floor(values.length / 2)];
const shown = (values) => `${median(values).toFixed(0)} ms (${sorted(values)[0].toFixed(0)} to ${sorted(values).at(-1).toFixed(0)})`;

const browser = await launch();
const open = async (state) => {
  const context = await browser.newContext({ locale: 'en', viewport: { width: 1440, height: 900 }, ...(state ? { storageState: state } : {}) });
  await context.addInitScript(() => localStorage.setItem('shuke.language', 'en'));
  context.setDefaultTimeout(120_000);
  return { context, page: await context.newPage() };
};
const state = await (async () => {
  const { context, page } = await open();
  await page.goto(origin);
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Today' }).waitFor();
  const kept = await context.storageState();
  await context.close();
  return kept;
})();

// Asked every frame by the page itself, so that no way between here and there is counted.
const until = (page, ready) => page.waitForFunction(ready, undefined, { polling: 'raf' });

async function today(page) {
  const began = performance.now();
  await page.goto(origin, { waitUntil: 'commit' });
  await until(page, () => document.querySelectorAll('main .figure').length >= 4);
  const figures = performance.now() - began;
  await page.keyboard.press('/');
  await until(page, () => document.querySelector('.palette-input') === document.activeElement);
  return { figures, interactive: performance.now() - began };
}

async function settledPage(page, path) {
  const began = performance.now();
  await page.goto(origin + path, { waitUntil: 'commit' });
  await until(page, () => document.querySelector('main h1') && !document.querySelector('.skeleton, [aria-busy=true]'));
  return performance.now() - began;
}

const cold = [];
const warm = [];
for (let run = 0; run < kRuns; run += 1) {
  const { context, page } = await open(state);
  cold.push(await today(page));
  warm.push(await today(page));
  await context.close();
}
console.log(`Today, nothing cached: figures ${shown(cold.map((one) => one.figures))}, answers a key ${shown(cold.map((one) => one.interactive))}`);
console.log(`Today, cached: figures ${shown(warm.map((one) => one.figures))}, answers a key ${shown(warm.map((one) => one.interactive))}`);

const { page } = await open(state);
for (const [words, path] of Object.entries(kPages)) {
  const times = [];
  for (let run = 0; run < kRuns; run += 1) times.push(await settledPage(page, path));
  console.log(`${words}: ${shown(times)}`);
}

await settledPage(page, `/segments/new?expression=${encodeURIComponent('order_count >= 2 and total_spent >= 100')}`);
const edits = [];
const who = [];
for (let run = 0; run < kRuns; run += 1) {
  const value = page.getByLabel('Value', { exact: true }).last();
  // From the moment the page hears of the key, to the frame in which its answer stands there.
  await value.focus();
  await page.evaluate(() => {
    window.edited = new Promise((resolve) => {
      document.addEventListener(
        'input',
        () => {
          const began = performance.now();
          const times = {};
          const fresh = (id) => document.querySelector(`[data-testid=${id}]`)?.closest('[aria-busy]')?.getAttribute('aria-busy') === 'false';
          let left = false; // the earlier answer is marked as such first
          const look = () => {
            if (!left) left = !fresh('count');
            else {
              if (!times.count && fresh('count')) times.count = performance.now() - began;
              if (times.count && fresh('composition')) {
                times.composition = performance.now() - began;
                resolve(times);
                return;
              }
            }
            requestAnimationFrame(look);
          };
          look();
        },
        { once: true, capture: true },
      );
    });
  });
  await value.fill(String(200 + run));
  const times = await page.evaluate(() => window.edited);
  edits.push(times.count);
  who.push(times.composition);
}
console.log(`an edit until its count and sample stand there: ${shown(edits)}; until who they are does: ${shown(who)}`);
await browser.close();
