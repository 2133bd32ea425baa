// Before a real console; pages_test.cc says what happens meanwhile.
import { writeFileSync } from 'node:fs';
import { test as base, expect, type Page } from '@playwright/test';
import { rowOf } from '../fixtures.ts';
import { variable } from '../place.ts';

const address = variable('EXITBUS_CONSOLE');
const pki = variable('EXITBUS_PKI');
const secret = variable('EXITBUS_SECRET'); // the number of the person whose case is handed over

const exchange = 'console.web.exchange-operator';
const ishoj = 'console.municipality-0183.authority-operator';
const odense = 'console.municipality-0461.authority-operator';
const observer = 'console.web.observer';

const test = base.extend<{ entered: (certificate: string, hash?: string) => Promise<Page> }>({
  entered: async ({ browser }, use) => {
    const complaints: string[] = [];
    const pages: Page[] = [];
    await use(async (certificate, hash = '') => {
      const context = await browser.newContext({
        ignoreHTTPSErrors: true,
        locale: 'da-DK',
        clientCertificates: [
          {
            origin: new URL(address).origin,
            certPath: `${pki}/${certificate}.crt`,
            keyPath: `${pki}/${certificate}.key`,
          },
        ],
      });
      const page = await context.newPage();
      pages.push(page);
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
      });
      await page.goto(address + hash);
      await page.getByRole('textbox').fill('tester');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('banner')).toContainText('Forbundet');
      return page;
    });
    for (const page of pages) {
      expect(await page.content()).not.toContain(secret);
      await page.context().close();
    }
    expect(complaints).toEqual([]);
  },
});

/** From now on pages_test.cc does what the test is about. */
const looks = () => writeFileSync(variable('EXITBUS_LOOK'), '');

const minute = { timeout: 60000 };

test('all authorities are heard', async ({ entered }) => {
  const page = await entered(exchange, '#/authorities');
  await expect(page).toHaveTitle('Myndigheder · alle myndigheder · demo · exitbus');
  await expect(page.locator('tbody tr')).toHaveCount(7);
  await expect(page.locator('tbody tr').filter({ hasText: 'høres i' })).toHaveCount(7, minute);
  await expect(page.locator('tbody')).not.toContainText('ukendt', minute);
  for (const name of [
    'Strømme',
    'Direkte',
    'Certifikater og nøgler',
    'Broker og register',
    'Opslag',
  ]) {
    await page.getByRole('navigation').getByRole('link', { name }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
    await expect(page.locator('table, dl').first()).toBeVisible();
  }
  await expect(rowOf(page, '1').first()).toContainText('GetSelf');
});

test('a stuck handover is found', async ({ entered }) => {
  test.setTimeout(180000);
  const page = await entered(ishoj, '#/authority/municipality-0183');
  await expect(page).toHaveTitle('Myndighed · Ishøj Kommune · demo · exitbus');
  await expect(rowOf(page, 'overdragelse')).toBeVisible();
  looks();
  const unreceipted = rowOf(page, 'overdragelse').getByRole('cell').nth(1);
  await expect(unreceipted).toContainText(/^[1-9]\d* for \d+ s siden$/, minute);
  await page.getByRole('link', { name: 'Myndigheder', exact: true }).click();
  await expect(rowOf(page, 'Odense Kommune')).toContainText('tavs', minute);
  await page.getByRole('link', { name: 'Forbindelsesprøve' }).click();
  await page.getByLabel('Til').selectOption('Odense Kommune');
  await page.getByLabel('Formål').fill('drift');
  await page.getByRole('button', { name: 'Prøv' }).click();
  await expect(rowOf(page, 'to.heard')).toContainText('ikke i orden');
  await expect(rowOf(page, 'to.heard')).toContainText('municipality-0461 has told nothing for');
});

test('nobody else sees it', async ({ entered }) => {
  for (const certificate of [exchange, observer, odense]) {
    const page = await entered(certificate, '#/authority/municipality-0183');
    await expect(rowOf(page, 'sag')).toBeVisible();
    await expect(rowOf(page, 'overdragelse')).toHaveCount(0);
    await expect(page.getByText('Hemmelige kanaler, samlet').locator('..')).toContainText(
      'går godt',
    );
  }
});

test('it is seen to go on', async ({ entered }) => {
  test.setTimeout(180000);
  const page = await entered(ishoj, '#/authority/municipality-0183');
  const unreceipted = rowOf(page, 'overdragelse').getByRole('cell').nth(1);
  await expect(unreceipted).toContainText('siden', minute);
  looks();
  await expect(unreceipted).toHaveText('0', { timeout: 120000 });
});

test('the console dies', async ({ entered }) => {
  test.setTimeout(120000);
  const page = await entered(exchange, '#/authorities');
  await expect(page.locator('tbody tr')).toHaveCount(7);
  looks();
  await expect(page.getByRole('alert')).toContainText('Forbindelsen er væk', { timeout: 30000 });
  await expect(page.getByText(/^Det er \d+ s gammelt\.$/)).toBeVisible();
  await expect(page.locator('tbody tr')).toHaveCount(7);
  await expect(page.getByRole('alert')).toHaveCount(0, minute);
  await expect(page.locator('tbody tr').filter({ hasText: 'høres i' })).toHaveCount(7, minute);
});

test('the broker dies', async ({ entered }) => {
  test.setTimeout(180000);
  const page = await entered(exchange, '#/broker');
  await expect(page.getByText(/^Nået i /)).toBeVisible(minute);
  looks();
  await expect(page.getByText(/^Ikke nået i /)).toBeVisible(minute);
  await page.getByRole('link', { name: 'Myndigheder', exact: true }).click();
  await expect(page.locator('tbody tr').first()).toContainText(/ukendt.*broker/, minute);
  await page.getByRole('link', { name: 'Broker og register' }).click();
  await expect(page.getByText(/^Nået i /)).toBeVisible({ timeout: 90000 });
});
