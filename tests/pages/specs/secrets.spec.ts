// What must never be on a page, in its storage or on its network: planted where a leaking console would put it.
import type { Page, Request } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { OperationsService } from '../gen/exitbus/operations/v1/operations_service_pb.ts';
import { Refused } from '../fake/service.ts';
import { ago, authority, count, waits } from '../fake/rows.ts';
import { Role } from '../gen/exitbus/operations/v1/account_pb.ts';
import { Presence } from '../gen/exitbus/operations/v1/overview_pb.ts';
import { HopKind } from '../gen/exitbus/operations/v1/trace_pb.ts';
import { AuthorityKind, Channel } from '../gen/exitbus/policy/v1/policy_pb.ts';

const canary = 'kanariefugl-7f3a';
const figure = 734503; // a count that is nobody's to see
const shownFigure = /734[.,\s]?503/;
const secretHop = 'fedcba9876543210fedcba9876543210';
const hashes = [
  '#/',
  '#/stream/exitbus.v1.handover.municipality.0183',
  '#/live',
  '#/authorities',
  '#/authority/municipality-0183',
  '#/path',
  '#/papers',
  '#/broker',
  '#/connection',
  '#/looks',
];

/** All that a page holds where a person, a script or another page could find it. */
async function held(page: Page): Promise<string> {
  const inside = await page.evaluate(async () =>
    JSON.stringify({
      dom: document.documentElement.outerHTML,
      fields: [...document.querySelectorAll('input')].map(({ value }) => value),
      title: document.title,
      local: { ...localStorage },
      session: { ...sessionStorage },
      history: history.state as unknown,
      cookie: document.cookie,
      name: window.name,
      databases: await indexedDB.databases(),
      caches: await caches.keys(),
      workers: (await navigator.serviceWorker.getRegistrations()).length,
    }),
  );
  return `${inside}${page.url()}${await page.locator('body').innerText()}`;
}

function leaking() {
  const secret = { stopped: count(figure) };
  return authority('municipality-0183', 'Ishøj Kommune', AuthorityKind.MUNICIPALITY, {
    own: true,
    presence: Presence.HEARD,
    channels: [
      Channel.CASE,
      Channel.HANDOVER,
      Channel.SECURITY,
      Channel.RELOCATION,
      Channel.NEC,
    ].map((channel) =>
      channel === Channel.CASE
        ? { channel, unread: count(1) }
        : {
            channel,
            unread: count(figure),
            onTheWay: waits(figure, 77),
            parked: waits(figure),
            held: waits(figure),
            deadByClass: [{ failureClass: canary, letters: waits(figure) }],
          },
    ),
    stoppedCorrespondences: secret.stopped,
    descriptorsOpen: count(figure),
    lettersAwaitingUpgrade: count(figure),
    deadlinesNear: { figure: { case: 'known', value: BigInt(figure) } },
  });
}

test('what a console tells too much is in no page, storage or request', async ({
  opened,
  console,
  page,
}) => {
  const requests: Request[] = [];
  page.on('request', (request) => requests.push(request));
  console.rows = [leaking()];
  console.beside = { personName: canary, cprNumber: canary, payload: { text: canary } };
  console.on(OperationsService.method.getMessagePath, () => {
    throw new Refused(404, 'not_found', 'console.no_such_path', 'There is none.', {
      person: canary,
    });
  });
  console.on(OperationsService.method.listLooks, () => ({
    looks: [{ number: 1n, method: 'GetOverview' }],
  }));
  await opened();
  console.tell({
    streams: [
      {
        topic: 'exitbus.v1.handover.municipality.0183',
        reader: 'municipality-0183',
        channel: Channel.HANDOVER,
        secret: true,
        unread: count(figure),
        records: count(figure),
      },
    ],
  });
  let searched = 0;
  for (const hash of hashes) {
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    if (hash === '#/live') {
      await expect
        .poll(() => {
          console.hops({
            hops: [
              {
                hopId: secretHop,
                authority: 'municipality-0183',
                channel: Channel.HANDOVER,
                kind: HopKind.SENT,
                time: ago(1),
              },
              {
                hopId: '00000000000000000000000000000001',
                authority: 'municipality-0183',
                channel: Channel.CASE,
                kind: HopKind.SENT,
                time: ago(1),
              },
            ],
          });
          return page.locator('tbody tr').count();
        })
        .toBeGreaterThan(0);
    }
    if (hash === '#/path') {
      await page.getByLabel('Trin-id').fill('00000000000000000000000000000001');
      await page.getByLabel('Formål').fill('drift');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('alert')).toContainText('console.no_such_path');
    }
    const text = await held(page);
    expect(text, hash).toContain('exitbus');
    for (const leaked of [canary, shownFigure, secretHop]) expect(text, hash).not.toMatch(leaked);
    ++searched;
  }
  expect(searched).toBe(hashes.length);
  for (const request of requests) {
    expect(
      `${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ''}`,
    ).not.toMatch(canary);
    expect(new URL(request.url()).origin).toBe(new URL(console.gateway.url).origin);
  }
  expect(requests.length).toBeGreaterThan(5);
});

test('the canary would be seen: to its own operator the same figures are shown', async ({
  opened,
  console,
  page,
}) => {
  console.self = {
    role: Role.AUTHORITY_OPERATOR,
    authority: 'municipality-0183',
    authorityName: 'Ishøj Kommune',
    environment: 'demo',
  };
  console.rows = [leaking()];
  await opened('#/authority/municipality-0183');
  await expect(page.getByText('bad').or(page.getByText(canary)).first()).toBeVisible();
  const text = await held(page);
  expect(text).toMatch(canary);
  expect(text).toMatch(shownFigure);
});

test('who looks, why, and at which hop stand in no storage, and a purpose or an id in no address that is sent', async ({
  opened,
  console,
  page,
}) => {
  const [employee, purpose, hop] = [
    `${canary}-person`,
    `${canary}-purpose`,
    'abcdefabcdefabcdefabcdefabcdef12',
  ];
  const requests: Request[] = [];
  page.on('request', (request) => requests.push(request));
  console.on(OperationsService.method.getMessagePath, ({ hopId }) => ({
    path: { hopId, authority: 'nec', channel: Channel.CASE },
  }));
  await opened('#/path', employee);
  await page.getByLabel('Trin-id').fill(hop);
  await page.getByLabel('Formål').fill(purpose);
  await page.keyboard.press('Enter');
  await expect(page.locator('dl')).toContainText(hop);
  const kept = await page.evaluate(async () =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      history.state,
      document.cookie,
      await indexedDB.databases(),
      await caches.keys(),
      window.name,
    ]),
  );
  for (const secret of [canary, hop]) expect(kept).not.toContain(secret);
  for (const request of requests) {
    expect(request.url()).not.toContain(purpose);
    expect(request.url()).not.toContain(hop);
    if (request.url().includes(employee)) expect(request.resourceType()).toBe('eventsource'); // which has no headers
  }
  await page.reload();
  await expect(page.getByRole('textbox')).toHaveValue('');
  expect(await page.context().cookies()).toEqual([]);
});

test('only the look of the pages is kept', async ({ opened, page }) => {
  await opened();
  await page.getByLabel('Sprog').selectOption('en');
  await page.getByLabel('Colours').selectOption('dark');
  const cookies = await page.context().cookies();
  expect(
    cookies.map(({ name, value, secure, sameSite }) => [name, value, secure, sameSite]).sort(),
  ).toEqual([
    ['colours', 'dark', true, 'Strict'],
    ['language', 'en', true, 'Strict'],
  ]);
});

test("a login's token is gone from the address before anything else is asked", async ({
  page,
  console,
}) => {
  const requests: Request[] = [];
  page.on('request', (request) => requests.push(request));
  const token = `${canary}.token`;
  await page.route('**/session', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({
          status: 200,
          contentType: 'application/json',
          body: '{"employee":"drift-9"}',
        })
      : route.fulfill({
          status: 200,
          contentType: 'application/json',
          body: '{"employee":"drift-9"}',
        }),
  );
  await page.goto(`${console.gateway.url}#id_token=${token}`);
  await expect(page.getByRole('banner')).toContainText('drift-9');
  expect(page.url()).not.toContain(token);
  const posted = requests.filter(
    (request) => request.method() === 'POST' && request.url().endsWith('/session'),
  );
  expect(posted.map((request) => [request.postData(), request.headers()['content-type']])).toEqual([
    [token, 'application/jwt'],
  ]);
  expect(await held(page)).not.toContain(token);
});
