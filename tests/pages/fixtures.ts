// Each test has a console and an exchange of its own, and a browser that reports what the gateway's policy blocked.
import { test as base, expect, type Page } from '@playwright/test';
import { FakeConsole } from './fake/console.ts';
import { FakeContactPoint } from './fake/contact_point.ts';

export { expect };

export const test = base.extend<{
  console: FakeConsole;
  complaints: string[];
  opened: (hash?: string, employee?: string) => Promise<Page>;
  desk: FakeContactPoint;
  deskOpened: (hash?: string) => Promise<Page>;
}>({
  console: async ({}, use) => {
    const console = new FakeConsole();
    await console.gateway.start();
    await use(console);
    await console.gateway.stop();
  },
  complaints: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
    });
    await use(complaints);
    expect(complaints, 'the page threw, or wanted what the policy does not let in').toEqual([]);
  },
  opened: async ({ page, console, complaints: _ }, use) => {
    await use(async (hash = '', employee = 'drift-1') => {
      await page.goto(console.gateway.url + hash);
      await page.getByRole('textbox').fill(employee);
      await page.keyboard.press('Enter');
      await expect(page.getByRole('banner')).toContainText(employee);
      await expect(page.getByRole('banner')).toContainText('Forbundet');
      return page;
    });
  },
  desk: async ({}, use) => {
    const desk = new FakeContactPoint();
    await desk.gateway.start();
    await use(desk);
    await desk.gateway.stop();
  },
  deskOpened: async ({ page, desk, complaints: _ }, use) => {
    await use(async (hash = '') => {
      await page.goto(`${desk.gateway.url}desk.html${hash}`);
      await page.getByRole('textbox').first().fill('ekp-1');
      await page.getByRole('textbox').last().fill('exit-support');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('banner')).toContainText('Forbundet');
      return page;
    });
  },
});

/** The row of a table whose head says so. */
export const rowOf = (page: Page, head: string) =>
  page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: head, exact: true }) });
