// What a person does again and again. Every step waits for what it needs and for what it leaves behind, by what can be
// seen, never by the clock: on a busy machine it takes longer and nothing else.
const kMostSteps = 60;

// Chooses from a drop-down list by the keyboard; it is over when the list is gone, so that it covers nothing that follows.
export async function choose(page, list, option) {
  await list.focus();
  if ((await list.getAttribute('aria-expanded')) !== 'true') await list.press('ArrowDown');
  const id = await list.evaluate(
    (input) =>
      new Promise((resolve) => {
        const look = () => (input.getAttribute('aria-expanded') === 'true' && input.getAttribute('aria-controls') ? resolve(input.getAttribute('aria-controls')) : requestAnimationFrame(look));
        look();
      }),
  );
  const panel = page.locator('.ant-select-dropdown').filter({ has: page.locator(`[id="${id}"]`) });
  const active = panel.locator('.ant-select-item-option-active');
  await active.waitFor();
  for (let step = 0; step < kMostSteps && (await active.getAttribute('title')) !== option; step += 1) await list.press('ArrowDown');
  if ((await active.getAttribute('title')) !== option) throw new Error(`there is no “${option}” to choose`);
  await list.press('Enter');
  await panel.waitFor({ state: 'hidden' });
}

// The page has its content: nothing being loaded, nothing of an earlier question.
export async function settled(page) {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy=true], .ant-btn-loading'));
}

// A window of the page is gone with its veil, which would lie over everything.
export async function closed(page) {
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}
