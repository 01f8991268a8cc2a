// Aim     a merchant's first day with the console, in both languages, from the first start to a colleague who sees masked data.
// Method  the built program on a fresh folder, Debian's Chromium by role and label as a person finds things; see README.md.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { inspect, kSizes, launch, openPage, screenshots } from './browser.mjs';
import { kPages } from './pages.mjs';
import { startProgram } from './program.mjs';
import { kPhone, writeTaobaoFile } from './taobao_file.mjs';

const kPassword = 'ein-Fluss-geht-7-Meilen';
const kRetail = fileURLToPath(new URL('../../examples/online-retail/online_retail.csv.zst', import.meta.url));
const kImportMs = 300_000;

for (const language of ['zh-CN', 'en']) {
  const w = (chinese, english) => (language === 'en' ? english : chinese);

  describe(`the console in ${language}`, () => {
    const findings = [];
    const folder = mkdtempSync(join(tmpdir(), 'shuke-files-'));
    let program, browser, page, customer, segment;

    before(async () => {
      program = await startProgram();
      browser = await launch();
      page = await openPage(browser, language, findings);
    });
    after(async () => {
      await browser?.close();
      await program?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const go = (path) => page.goto(program.origin + path, { waitUntil: 'networkidle' });
    const button = (name) => page.getByRole('button', { name, exact: true });

    async function importFile(path) {
      await go('/data/import');
      await page.getByTestId('file').setInputFiles(path);
      await button(w('试运行', 'Dry run')).click({ timeout: 60_000 });
      await page.getByTestId('dry-run-result').waitFor({ timeout: kImportMs });
      await button(w('确认导入', 'Import now')).click();
      await page.getByTestId('import-result').waitFor({ timeout: kImportMs });
    }

    it('makes the first account by the one-time link', async () => {
      await page.goto(program.setupLink());
      await inspect(page, 'setup', screenshots(language), findings);
      await page.getByLabel(w('用户名', 'User name'), { exact: true }).fill('owner');
      await page.getByLabel(w('姓名', 'Your name'), { exact: true }).fill(w('掌柜', 'Owner'));
      await page.getByLabel(w('密码', 'Password'), { exact: true }).fill(kPassword);
      await page.getByLabel(w('再输一次密码', 'The password again'), { exact: true }).fill(kPassword);
      await button(w('建立账号并登录', 'Make the account and sign in')).click();
      await page.getByRole('heading', { name: w('今日', 'Today'), exact: true }).waitFor();
      await inspect(page, 'first-visit', screenshots(language), findings);
    });

    it('signs out and in again', async () => {
      await page.getByRole('button', { name: w('掌柜', 'Owner') }).click();
      await page.getByRole('menuitem', { name: w('退出登录', 'Sign out') }).click();
      await page.getByLabel(w('用户名', 'User name'), { exact: true }).fill('owner');
      await page.getByLabel(w('密码', 'Password'), { exact: true }).fill(kPassword);
      await inspect(page, 'sign-in', screenshots(language), findings);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: w('今日', 'Today'), exact: true }).waitFor();
    });

    it('imports an order export of Taobao in GB18030, and corrects its rejected row in place', async () => {
      await importFile(writeTaobaoFile(join(folder, 'ExportOrderList202611221200.csv')));
      await inspect(page, 'import-done', screenshots(language), findings);
      await page.getByRole('link', { name: w('修正被拒的 1 行', 'Correct the 1 rejected rows') }).click();
      const row = page.getByLabel(w('内容', 'Contents'));
      await row.fill((await row.inputValue()).replace('12,3a', '123.00'));
      await button(w('保存并重新导入', 'Save and import')).click();
      await page.getByText(w('已改正', 'Corrected')).waitFor();
    });

    it('imports the Online Retail file', async () => {
      await importFile(kRetail);
      await button(w('查看今日', 'See Today')).click();
      await page.getByRole('heading', { name: w('今日消费前十', 'Top 10 spenders of the day') }).waitFor();
      await page.getByRole('table').getByRole('link').first().waitFor();
    });

    it('finds a customer by phone from the keyboard', async () => {
      await page.keyboard.press('/');
      await page.getByRole('combobox', { name: w('搜索', 'Search') }).waitFor();
      await page.keyboard.type(kPhone);
      await page.getByRole('option').filter({ hasText: w('客户', 'Customers') }).first().waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/customers\/\d+/);
      customer = /\/customers\/(\d+)/.exec(page.url())[1];
      await page.getByRole('tab', { name: w('时间线', 'Timeline') }).waitFor();
      await page.getByText(w('交易成功', 'Finished')).first().waitFor();
    });

    it('builds a segment of five conditions by mouse and keyboard', async () => {
      await go('/segments');
      await button(w('新建分群', 'New segment')).first().click();
      const add = async (words) => {
        await button(w('添加条件', 'Add a condition')).first().click();
        await page.keyboard.type(words);
        await page.keyboard.press('Enter');
      };
      await add('order_count');
      await page.getByLabel(w('值', 'Value'), { exact: true }).last().fill('2');
      await add('total_spent');
      await page.getByLabel(w('值', 'Value'), { exact: true }).last().fill('100');
      await add('lifecycle');
      await add('orders');
      await button(w('不限时间', 'At any time')).click();
      await add('first_order_at');
      const conditions = page.locator('.group > .condition');
      assert.equal(await conditions.count(), 5);
      // The last one by mouse: its window becomes "since".
      await conditions.last().getByRole('combobox', { name: w('时间', 'When'), exact: true }).first().click();
      await page.getByTitle(w('自某日起', 'since'), { exact: true }).click();
      await page.getByLabel(w('开始日期', 'First day')).fill('2010-01-01');
      // And the whole as text, which the cards understand.
      await page.getByText(w('文字', 'Text'), { exact: true }).click();
      const editor = page.getByRole('textbox', { name: w('表达式', 'Expression') });
      await editor.waitFor();
      await page.waitForFunction(() => document.querySelector('.cm-content')?.textContent?.includes('since 2010-01-01'));
      const text = (await editor.innerText()).replaceAll('\n', ' ');
      assert.match(text, /order_count >= 2 and total_spent >= 100 and lifecycle/);
      await inspect(page, 'builder-text', screenshots(language), findings);
      await editor.click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.insertText('order_count >= 2 and count(lines) >= 2 and lifecycle in [active, silent, sleeping, lost] and any(orders where paid) and first_order_at since 2010-01-01');
      await page.getByText(w('简单', 'Easy'), { exact: true }).click();
      await page.waitForFunction(() => document.querySelectorAll('.group > .condition').length === 5);
      await page.waitForFunction(() => Number(document.querySelector('[data-testid=count]')?.textContent?.replace(/\D/g, '')) > 1000);
      await inspect(page, 'builder', screenshots(language), findings);
    });

    it('shows a mistake where it is', async () => {
      await page.getByText(w('文字', 'Text'), { exact: true }).click();
      const editor = page.getByRole('textbox', { name: w('表达式', 'Expression') });
      await editor.click();
      const right = (await editor.innerText()).replaceAll('\n', ' ');
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.insertText('count(ordrs where paid) >= 2');
      await page.locator('.cm-lintRange-error').waitFor();
      await page.getByRole('alert').waitFor();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.insertText(right);
      await page.locator('.cm-lintRange-error').waitFor({ state: 'detached' });
    });

    it('saves it and tests it back', async () => {
      await button(w('保存', 'Save')).click();
      await page.getByLabel(w('名称', 'Name'), { exact: true }).fill(w('老朋友', 'Old friends'));
      await page.getByRole('dialog').getByRole('button', { name: w('保存', 'Save'), exact: true }).click();
      await page.waitForURL(/\/segments\/\d+$/);
      segment = /\/segments\/(\d+)/.exec(page.url())[1];
      await page.getByRole('tab', { name: w('回测', 'Back-test') }).click();
      await page.getByLabel(w('站在哪一天', 'As of')).fill('2011-06-01');
      await button(w('计算', 'Work it out')).click();
      await page.getByTestId('back-test').waitFor();
    });

    it('records the members and has a curve', async () => {
      await button(w('登记今天的成员', 'Record today’s members')).click();
      await page.getByText(w('新进', 'entered')).first().waitFor();
    });

    for (const size of kSizes) {
      it(`opens every page at ${size.width}`, async () => {
        await page.setViewportSize(size);
        for (const [name, path] of Object.entries(kPages)) {
          await go(path.replace('{customer}', customer).replace('{segment}', segment));
          await page.getByRole('heading', { level: 1 }).waitFor();
          await page.locator('.skeleton').first().waitFor({ state: 'detached' });
          assert.equal(await page.locator('.notice.error').count(), 0, `${name} shows an error`);
          await inspect(page, name, screenshots(language), findings);
        }
        await page.setViewportSize(kSizes[0]);
      });
    }

    it('is dark when asked', async () => {
      await page.emulateMedia({ colorScheme: 'dark' });
      for (const name of ['today', 'customers', 'segment-edit', 'rfm']) {
        await go(kPages[name].replace('{segment}', segment));
        await page.locator('.skeleton').first().waitFor({ state: 'detached' });
        await inspect(page, `${name}-dark`, screenshots(language), findings);
      }
      await page.emulateMedia({ colorScheme: 'light' });
    });

    it('gives a colleague of the social media post masked data only', async () => {
      await go('/settings/users');
      await button(w('添加用户', 'Add a user')).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(w('用户名', 'User name'), { exact: true }).fill('sns');
      await dialog.getByLabel(w('姓名', 'Name'), { exact: true }).fill(w('小王', 'Ann'));
      await dialog.getByLabel(w('角色', 'Role'), { exact: true }).click();
      await page.getByTitle('SNS', { exact: true }).click();
      await dialog.getByRole('button', { name: w('保存', 'Save') }).click();
      const link = (await page.getByTestId('secret').innerText()).trim();

      const other = await openPage(browser, language, findings);
      await other.goto(link);
      await other.getByLabel(w('密码', 'Password'), { exact: true }).fill(`${kPassword}-2`);
      await other.getByLabel(w('再输一次密码', 'The password again'), { exact: true }).fill(`${kPassword}-2`);
      await other.getByRole('button', { name: w('设置新密码', 'Set a new password') }).click();
      await other.getByRole('heading', { name: w('今日', 'Today'), exact: true }).waitFor();
      await other.goto(`${program.origin}/settings/general`, { waitUntil: 'networkidle' });
      assert.equal(await other.getByRole('link', { name: w('用户', 'Users'), exact: true }).count(), 0);
      await other.goto(`${program.origin}/customers/${customer}`, { waitUntil: 'networkidle' });
      await other.getByRole('tab').first().waitFor();
      const text = await other.locator('main').innerText();
      assert.ok(!text.includes(kPhone), 'the phone number stands there in clear');
      assert.match(text, /139\*+/);
      assert.equal(await other.getByRole('button', { name: w('查看完整信息', 'Show in clear') }).count(), 0);
      await inspect(other, 'masked-customer', screenshots(language), findings);
      await other.context().close();
    });

    it('left nothing in the console of the browser, and nobody out', () => {
      assert.deepEqual([...new Set(findings)], []);
    });
  });
}
