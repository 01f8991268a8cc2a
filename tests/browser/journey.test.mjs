// Aim     a merchant's first day with the console, in both languages, from the first start to a colleague who sees masked data.
// Method  the built program on a fresh folder, Debian's Chromium by role and label as a person finds things; see README.md.
//         SHUKE_BROWSER=short: one language, and accessibility at one size only, for every change.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { inspect, kSizes, launch, openPage, screenshots } from './browser.mjs';
import { kEmpty, kPages, kStates } from './pages.mjs';
import { startProgram } from './program.mjs';
import { choose, closed, settled } from './steps.mjs';
import { kPhone, writeTaobaoFile } from './taobao_file.mjs';

const kPassword = 'ein-Fluss-geht-7-Meilen';
const kRetail = fileURLToPath(new URL('../../examples/online-retail/online_retail.csv.zst', import.meta.url));
const kImportMs = 300_000;
const kShort = process.env.SHUKE_BROWSER === 'short';
const kLeastCustomers = 1000; // of the Online Retail file fit the segment of this day

for (const language of kShort ? ['zh-CN'] : ['zh-CN', 'en']) {
  const w = (chinese, english) => (language === 'en' ? english : chinese);

  describe(`the console in ${language}`, () => {
    const findings = [];
    const folder = mkdtempSync(join(tmpdir(), 'shuke-files-'));
    let program, browser, page, customer, segment;

    before(async () => {
      program = await startProgram();
      browser = await launch();
      page = await openPage(browser, language, findings, { home: program.origin });
    });
    after(async () => {
      console.log(`figure: ${language}: ${looked.pictures} screenshots, axe on ${looked.axe} of them, ${new Set(findings).size} findings`);
      await browser?.close();
      await program?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const go = async (path) => {
      await page.goto(program.origin + path);
      await settled(page);
    };
    const looked = { pictures: 0, axe: 0 };
    const look = async (name, options = {}) => {
      await inspect(page, name, screenshots(language), findings, options);
      looked.pictures += 1;
      if (options.axe !== false) looked.axe += 1;
    };
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
      await page.getByRole('heading', { level: 1 }).waitFor();
      await look('setup');
      await page.getByLabel(w('用户名', 'User name'), { exact: true }).fill('owner');
      await page.getByLabel(w('姓名', 'Your name'), { exact: true }).fill(w('掌柜', 'Owner'));
      await page.getByLabel(w('密码', 'Password'), { exact: true }).fill(kPassword);
      await page.getByLabel(w('再输一次密码', 'The password again'), { exact: true }).fill(kPassword);
      await button(w('建立账号并登录', 'Make the account and sign in')).click();
      await page.getByRole('heading', { name: w('今日', 'Today'), exact: true }).waitFor();
      await settled(page);
      const fits = await page.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight);
      assert.ok(fits, 'what to do first does not fit the screen');
      await look('first-visit');
    });

    it('says on every page what to do while there is nothing yet', async () => {
      for (const name of kEmpty) {
        await go(kPages[name]);
        await look(`${name}-empty`, { axe: !kShort });
      }
    });

    it('signs out and in again', async () => {
      await go('/');
      await page.getByRole('button', { name: w('掌柜', 'Owner') }).click();
      await page.getByRole('menuitem', { name: w('退出登录', 'Sign out') }).press('Enter');
      await page.getByLabel(w('用户名', 'User name'), { exact: true }).fill('owner');
      await page.getByLabel(w('密码', 'Password'), { exact: true }).fill(kPassword);
      await look('sign-in');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: w('今日', 'Today'), exact: true }).waitFor();
    });

    it('imports an order export of Taobao in GB18030, and corrects its rejected row in place', async () => {
      await importFile(writeTaobaoFile(join(folder, 'ExportOrderList202611221200.csv')));
      await look('import-done');
      await page.getByRole('link', { name: w('修正被拒的 1 行', 'Correct the rejected row') }).click();
      const cell = page.getByLabel('总金额', { exact: true });
      assert.equal(await cell.inputValue(), '12,3a');
      await look('rejected-row');
      await cell.fill('123.00');
      await cell.press('Enter');
      await page.getByText(w('已改正', 'Corrected')).waitFor();
    });

    it('imports the Online Retail file', async () => {
      await importFile(kRetail);
      await button(w('查看今日', 'See Today')).click();
      await page.getByRole('heading', { name: w('今日消费前十', 'Top 10 spenders of the day') }).waitFor();
      await page.getByRole('table').getByRole('link').first().waitFor();
    });

    it('warns of the exchange rate that is missing, and takes it where the warning leads', async () => {
      const warning = page.getByRole('link', { name: w('缺少 GBP 汇率', 'no rate') });
      await warning.click();
      await button(w('添加汇率', 'Add a rate')).click();
      const dialog = page.getByRole('dialog');
      const currency = dialog.getByLabel(w('币种', 'Currency'), { exact: true });
      await currency.focus();
      await currency.pressSequentially('GBP');
      await choose(page, currency, 'GBP');
      await dialog.getByLabel(w('日期', 'Day'), { exact: true }).fill('2010-01-01');
      await dialog.getByLabel(w('汇率', 'Rate'), { exact: true }).fill('9.1');
      await dialog.getByRole('button', { name: w('保存', 'Save'), exact: true }).click();
      await closed(page);
      await page.getByRole('cell', { name: '9.1' }).waitFor();
      // The amounts are worked out anew; until then Today says what it knows.
      do await go('/');
      while ((await warning.count()) > 0);
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
      await page.locator('.ant-select-item-option').getByText(w('自某日起', 'since'), { exact: true }).click();
      await page.getByLabel(w('开始日期', 'First day')).fill('2010-01-01');
      // And the whole as text, which the cards understand.
      await page.getByText(w('文字', 'Text'), { exact: true }).click();
      const editor = page.getByRole('textbox', { name: w('表达式', 'Expression') });
      await editor.waitFor();
      await page.waitForFunction(() => document.querySelector('.cm-content')?.textContent?.includes('since 2010-01-01'));
      const text = (await editor.innerText()).replaceAll('\n', ' ');
      assert.match(text, /order_count >= 2 and total_spent >= 100 and lifecycle/);
      await look('builder-text');
      await editor.click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.insertText('order_count >= 2 and count(lines) >= 2 and lifecycle in [active, silent, sleeping, lost] and any(orders where paid) and first_order_at since 2010-01-01');
      await page.getByText(w('简单', 'Easy'), { exact: true }).click();
      await page.waitForFunction(() => document.querySelectorAll('.group > .condition').length === 5);
      await settled(page);
      const count = Number((await page.getByTestId('count').innerText()).replace(/\D/g, ''));
      assert.ok(count > kLeastCustomers, `${count} customers`);
      // Who they are is said of the same question as how many.
      assert.equal(Number(await page.getByTestId('composition').getAttribute('data-count')), count);
      await look('builder');
    });

    it('shows a mistake where it is', async () => {
      await page.getByText(w('文字', 'Text'), { exact: true }).click();
      const editor = page.getByRole('textbox', { name: w('表达式', 'Expression') });
      await editor.waitFor();
      await editor.click();
      const right = (await editor.innerText()).replaceAll('\n', ' ');
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.insertText('count(ordrs where paid) >= 2');
      await page.locator('.cm-lintRange-error').waitFor();
      await page.getByRole('alert').getByText('ordrs').waitFor();
      await look('builder-mistake', { axe: !kShort });
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

    it('tags those who fit, says before how many, and takes it back', async () => {
      await go('/customers?where=total_spent%20%3E%3D%205000');
      await button(w('打标签', 'Tag')).click();
      const dialog = page.getByRole('dialog');
      const tags = dialog.getByLabel(w('加上标签', 'Add'), { exact: true });
      await tags.focus();
      await tags.pressSequentially('VIP');
      await page.locator('.ant-select-item-option-active[title=VIP]').waitFor();
      await tags.press('Enter');
      await page.locator('.ant-select-dropdown').first().waitFor({ state: 'hidden' });
      await dialog.getByText(w('将改变', 'will change')).waitFor();
      await dialog.getByRole('button', { name: w('执行', 'Do it') }).click();
      await closed(page);
      await page.getByText('VIP', { exact: true }).first().waitFor();
      await page.getByRole('button', { name: w('撤销', 'Undo'), exact: true }).click();
      await page.getByText(w('已撤销', 'Taken back')).waitFor();
    });

    for (const size of kSizes) {
      it(`opens every page at ${size.width}`, async () => {
        await page.setViewportSize(size);
        for (const [name, path] of Object.entries(kPages)) {
          await go(path.replace('{customer}', customer).replace('{segment}', segment));
          assert.equal(await page.locator('.notice.error').count(), 0, `${name} shows an error`);
          await look(name, { axe: !kShort || size === kSizes[0] });
        }
        await page.setViewportSize(kSizes[0]);
      });
    }

    it('is dark when asked', { skip: kShort }, async () => {
      await page.emulateMedia({ colorScheme: 'dark' });
      for (const [name, path] of Object.entries(kPages)) {
        await go(path.replace('{customer}', customer).replace('{segment}', segment));
        await look(`${name}-dark`);
      }
      await page.emulateMedia({ colorScheme: 'light' });
    });

    it('says that it is loading, and when the server fails, what to do', { skip: kShort }, async () => {
      const expected = []; // the browser reports failed requests by itself
      const other = await openPage(browser, language, expected, { home: program.origin });
      await other.context().addCookies(await page.context().cookies());
      for (const name of kStates) {
        const question = /\/api\/v1\/(?!session)/;
        let answer;
        const asked = new Promise((resolve) => (answer = resolve));
        await other.route(question, async (route) => {
          await asked;
          await route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"key":"server.bug","detail":"it broke","status":500}' });
        });
        await other.goto(program.origin + kPages[name].replace('{customer}', customer).replace('{segment}', segment));
        await other.locator('.skeleton').first().waitFor();
        await inspect(other, `${name}-loading`, screenshots(language), findings);
        answer();
        await other.getByRole('alert').first().waitFor();
        await inspect(other, `${name}-failed`, screenshots(language), findings);
        await other.unroute(question);
        await other.getByRole('button', { name: w('重试', 'Try again') }).first().click();
        await other.getByRole('alert').first().waitFor({ state: 'hidden' });
      }
      await other.context().close();
    });

    it('gives a colleague of the social media post masked data only', async () => {
      await go('/settings/users');
      await button(w('添加用户', 'Add a user')).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(w('用户名', 'User name'), { exact: true }).fill('sns');
      await dialog.getByLabel(w('姓名', 'Name'), { exact: true }).fill(w('小王', 'Ann'));
      await choose(page, dialog.getByLabel(w('角色', 'Role'), { exact: true }), 'SNS');
      await dialog.getByRole('button', { name: w('保存', 'Save') }).click();
      const link = (await page.getByTestId('secret').innerText()).trim();

      const other = await openPage(browser, language, findings, { home: program.origin });
      await other.goto(link);
      await other.getByLabel(w('密码', 'Password'), { exact: true }).fill(`${kPassword}-2`);
      await other.getByLabel(w('再输一次密码', 'The password again'), { exact: true }).fill(`${kPassword}-2`);
      await other.getByRole('button', { name: w('设置新密码', 'Set a new password') }).click();
      await other.getByRole('heading', { name: w('今日', 'Today'), exact: true }).waitFor();
      await other.goto(`${program.origin}/settings/general`);
      await settled(other);
      assert.equal(await other.getByRole('link', { name: w('用户', 'Users'), exact: true }).count(), 0);
      await other.goto(`${program.origin}/customers/${customer}`);
      await settled(other);
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

describe('the console behind a proxy, below a path', () => {
  it('asks for nothing outside of it, and every address of its own is found again', async () => {
    const findings = [];
    const program = await startProgram({ base: '/crm' });
    const browser = await launch();
    try {
      const home = `${new URL(program.origin).origin}/crm`;
      const page = await openPage(browser, 'zh-CN', findings, { home });
      await page.goto(program.setupLink());
      await page.getByLabel('用户名', { exact: true }).fill('owner');
      await page.getByLabel('姓名', { exact: true }).fill('掌柜');
      await page.getByLabel('密码', { exact: true }).fill(kPassword);
      await page.getByLabel('再输一次密码', { exact: true }).fill(kPassword);
      await page.getByRole('button', { name: '建立账号并登录', exact: true }).click();
      await page.getByRole('link', { name: '分群' }).click();
      await page.waitForURL(`${home}/segments`);
      for (const path of ['/segments/new', '/insight/rfm', '/settings/users', '/data/import']) {
        await page.goto(home + path);
        await settled(page);
        assert.equal(new URL(page.url()).pathname, `/crm${path}`);
      }
      const icon = await page.locator('.shell-brand img').first().evaluate((image) => image.naturalWidth);
      assert.ok(icon > 0, 'the mark is not there');
    } finally {
      await browser.close();
      await program.stop();
    }
    assert.deepEqual(findings, []);
  });
});
