// What a person does again and again. Every step waits for what it needs and for what it leaves behind, by what can be
// seen, never by the clock: on a busy machine it takes longer and nothing else.

// Chooses from a drop-down list by the keyboard; it is over when the list is gone and the choice stands in its place.
export async function choose(page, list, option) {
  await list.focus();
  await list.press('ArrowDown');
  const panel = page.locator(`.ant-select-dropdown:not(.ant-select-dropdown-hidden):has([id="${await list.getAttribute('aria-controls')}"])`);
  const wanted = panel.locator(`.ant-select-item-option[title="${option}"]`);
  await wanted.waitFor();
  const active = panel.locator('.ant-select-item-option-active');
  const items = await panel.locator('.ant-select-item-option').count();
  for (let step = 0; step < items && (await active.getAttribute('title')) !== option; step += 1) await list.press('ArrowDown');
  await list.press('Enter');
  await panel.waitFor({ state: 'hidden' });
}

// The page has its content: no skeletons, nothing still being asked for, no list still closing.
export async function settled(page) {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy=true], .ant-spin-spinning'));
}
