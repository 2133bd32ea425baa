// How the pages look and are used: by everybody, in both languages and colours, on a small screen, by keys alone.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { ago, authorities, ownIshoj } from '../fake/rows.ts';
import { Role } from '../gen/exitbus/operations/v1/account_pb.ts';
import {
  OperationsService,
  StepOutcome,
} from '../gen/exitbus/operations/v1/operations_service_pb.ts';
import { HopKind } from '../gen/exitbus/operations/v1/trace_pb.ts';
import { Channel } from '../gen/exitbus/policy/v1/policy_pb.ts';
import type { FakeConsole } from '../fake/console.ts';

const id = '0123456789abcdef0123456789abcdef';
const hashes = [
  '#/',
  '#/stream/exitbus.v1.case.municipality.0461',
  '#/live',
  '#/authorities',
  '#/authority/municipality-0183',
  '#/path',
  '#/papers',
  '#/broker',
  '#/connection',
  '#/looks',
  '#/none',
];

function answerAll(console: FakeConsole): void {
  console.self = {
    role: Role.AUTHORITY_OPERATOR,
    authority: 'municipality-0183',
    authorityName: 'Ishøj Kommune',
    environment: 'demo',
    development: true,
  };
  console.rows = [ownIshoj(), ...authorities().slice(1)];
  console.on(OperationsService.method.getMessagePath, ({ hopId }) => ({
    path: {
      hopId,
      authority: 'municipality-0183',
      channel: Channel.HANDOVER,
      hops: [
        {
          authority: 'municipality-0183',
          channel: Channel.HANDOVER,
          kind: HopKind.NOT_SENT,
          time: ago(9),
          failureClass: 'broker_away',
        },
      ],
    },
  }));
  console.on(OperationsService.method.testConnection, () => ({
    steps: [
      {
        step: 'to.heard',
        outcome: StepOutcome.BAD,
        cause: 'It is silent.',
        remedy: 'Call its operators.',
      },
    ],
  }));
  console.on(OperationsService.method.listLooks, () => ({
    looks: [{ number: 1n, method: 'GetOverview', employee: 'drift-1', time: ago(5) }],
  }));
}

/** The views of `hashes`, each with what it shows after its call, one after the other. */
async function everyView(page: Page, look: (hash: string) => Promise<void>): Promise<number> {
  let seen = 0;
  for (const hash of hashes) {
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    if (hash === '#/live') await expect(page.locator('canvas')).toBeVisible();
    if (hash === '#/path') await page.getByRole('textbox').first().fill(id);
    if (hash === '#/path' || hash === '#/connection') {
      await page.getByRole('textbox').last().fill('drift');
      await page.keyboard.press('Enter');
      await expect(page.locator('ol, table')).toBeVisible();
    }
    await look(hash);
    ++seen;
  }
  return seen;
}

const violations = async (page: Page) =>
  (await new AxeBuilder({ page }).analyze()).violations.map(
    ({ id: rule, nodes }) => `${rule}: ${nodes.map(({ html }) => html).join(' ')}`,
  );

for (const colours of ['light', 'dark'] as const) {
  test(`axe finds nothing in any view, ${colours}`, async ({ opened, console }) => {
    test.setTimeout(180000);
    answerAll(console);
    const page = await opened();
    await page.emulateMedia({ colorScheme: colours });
    expect(
      await everyView(page, async (hash) => {
        expect(await violations(page), hash).toEqual([]);
      }),
    ).toBe(hashes.length);
  });
}

test('axe finds nothing at the entrance, in English, or while the connection is lost', async ({
  page,
  console,
  opened,
}) => {
  await page.goto(console.gateway.url);
  await expect(page.getByRole('textbox')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await opened();
  await page.getByLabel('Sprog').selectOption('en');
  expect(await violations(page)).toEqual([]);
  await console.gateway.stop();
  await expect(page.getByRole('alert')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await console.gateway.start();
});

test('no view is wider than a screen of 360 px', async ({ opened, console }) => {
  answerAll(console);
  const page = await opened();
  await page.setViewportSize({ width: 360, height: 640 });
  expect(
    await everyView(page, async (hash) => {
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth),
        hash,
      ).toBeLessThanOrEqual(360);
    }),
  ).toBe(hashes.length);
});

test('Danish until somebody chooses English, which a reload keeps', async ({ opened, console }) => {
  const page = await opened();
  await expect(page.locator('html')).toHaveAttribute('lang', 'da');
  await page.getByLabel('Sprog').selectOption('en');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Streams all authorities · demo',
  );
  await expect(page).toHaveTitle('Streams · all authorities · demo · exitbus');
  await expect(page.getByRole('row').nth(1)).toContainText('stuck, under 15 min, outgoing');
  await page.goto(console.gateway.url);
  await expect(page.getByLabel('Who is at the screen?')).toBeVisible();
});

test('as dark as the machine, until somebody chooses', async ({ opened }) => {
  const page = await opened();
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await ground()).toBe('rgb(255, 255, 255)');
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await ground()).toBe('rgb(20, 24, 29)');
  await page.getByLabel('Farver').selectOption('lyse');
  expect(await ground()).toBe('rgb(255, 255, 255)');
  await page.getByLabel('Farver').selectOption('som maskinen');
  expect(await ground()).toBe('rgb(20, 24, 29)');
});

test('keys alone lead from the entrance to an authority', async ({ page, console }) => {
  await page.goto(console.gateway.url);
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
  const tabTo = async (text: string) => {
    for (let i = 0; i < 60; ++i) {
      if ((await focused()) === text) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`no Tab leads to ${text}`);
  };
  await expect(page.getByRole('textbox')).toBeVisible();
  for (
    let i = 0;
    i < 10 && (await page.evaluate(() => document.activeElement?.tagName)) !== 'INPUT';
    ++i
  )
    await page.keyboard.press('Tab');
  await page.keyboard.type('drift-1');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('banner')).toContainText('drift-1');
  await tabTo('Myndigheder');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await tabTo('Ishøj Kommune');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Myndighed Ishøj Kommune · demo',
  );
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await tabTo('Gem som CSV');
});

test('going back leads to what was narrowed', async ({ opened }) => {
  const page = await opened();
  await page.getByLabel('Søg').fill('odense');
  await page.getByRole('link', { name: 'Odense Kommune' }).first().click();
  await page.goBack();
  await expect(page.getByLabel('Søg')).toHaveValue('odense');
});
