// What operators ask for: a path, a connection test, the account; and what they are refused.
import { expect, rowOf, test } from '../fixtures.ts';
import { Refused } from '../fake/service.ts';
import { ago } from '../fake/rows.ts';
import {
  OperationsService,
  StepOutcome,
} from '../gen/exitbus/operations/v1/operations_service_pb.ts';
import { HopKind } from '../gen/exitbus/operations/v1/trace_pb.ts';
import { Channel } from '../gen/exitbus/policy/v1/policy_pb.ts';

const id = '0123456789abcdef0123456789abcdef';

test("a message's path, hop by hop, for a purpose that is said", async ({ opened, console }) => {
  console.on(OperationsService.method.getMessagePath, ({ hopId }, { headers }) => {
    expect(Buffer.from(String(headers['exitbus-purpose-bin']), 'base64').toString()).toBe(
      'fejlsøgning',
    );
    expect(Buffer.from(String(headers['exitbus-employee-bin']), 'base64').toString()).toBe('Åse');
    return {
      path: {
        hopId,
        authority: 'municipality-0461',
        channel: Channel.CASE,
        hops: [
          {
            hopId,
            authority: 'municipality-0461',
            channel: Channel.CASE,
            kind: HopKind.CREATED,
            time: ago(60),
          },
          {
            hopId,
            authority: 'municipality-0461',
            channel: Channel.CASE,
            kind: HopKind.NOT_SENT,
            time: ago(59),
            failureClass: 'broker_away',
          },
        ],
      },
    };
  });
  const page = await opened(`#/path/${id}`, 'Åse');
  await page.getByLabel('Formål').fill('fejlsøgning');
  await page.getByRole('button', { name: 'Vis vejen' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'skrevet' })).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'ikke afsendt' })).toContainText(
    /broker_away efter 1 s/,
  );
  await expect(page.getByText('Odense Kommune')).toBeVisible();
});

test('a path that is not there is a refusal by its rule', async ({ opened, console }) => {
  console.on(OperationsService.method.getMessagePath, () => {
    throw new Refused(
      404,
      'not_found',
      'console.no_such_path',
      'There is no such path, or it is not yours to see.',
    );
  });
  const page = await opened('#/path');
  await page.getByLabel('Trin-id').fill('too short');
  await page.getByLabel('Formål').fill('drift');
  await page.getByRole('button', { name: 'Vis vejen' }).click();
  expect(console.gateway.asked.some(({ path }) => path.endsWith('GetMessagePath'))).toBe(false);
  await page.getByLabel('Trin-id').fill(id);
  await page.getByRole('button', { name: 'Vis vejen' }).click();
  await expect(page.getByRole('alert')).toHaveText(
    'Afvist: console.no_such_path. There is no such path, or it is not yours to see.',
  );
});

test('a connection is tested step by step', async ({ opened, console }) => {
  console.on(OperationsService.method.testConnection, ({ from, to }) => {
    expect([from, to]).toEqual(['municipality-0461', 'police-1462']);
    return {
      steps: [
        { step: 'policy.may_write', outcome: StepOutcome.GOOD },
        {
          step: 'to.heard',
          outcome: StepOutcome.BAD,
          cause: 'Nothing came from it for 4 minutes.',
          remedy: 'Call its operators.',
        },
        { step: 'to.reads', outcome: StepOutcome.UNKNOWN },
      ],
    };
  });
  const page = await opened('#/connection');
  await page.getByLabel('Fra').selectOption('Odense Kommune');
  await page.getByLabel('Til').selectOption('Fyns Politi');
  await page.getByLabel('Formål').fill('drift');
  await page.getByRole('button', { name: 'Prøv' }).click();
  await expect(rowOf(page, 'policy.may_write')).toContainText('i orden');
  await expect(rowOf(page, 'to.heard')).toContainText('ikke i orden');
  await expect(rowOf(page, 'to.heard')).toContainText('Call its operators.');
  await expect(rowOf(page, 'to.reads')).toContainText('ukendt');
});

test('the account is read page by page', async ({ opened, console }) => {
  console.on(OperationsService.method.listLooks, ({ pageToken }) =>
    pageToken === ''
      ? {
          looks: [
            {
              number: 2n,
              method: 'GetMessagePath',
              subject: id,
              employee: 'drift-2',
              purpose: 'drift',
              time: ago(5),
            },
          ],
          nextPageToken: 'more',
        }
      : {
          looks: [
            {
              number: 1n,
              method: 'WatchOverview',
              employee: 'drift-1',
              refusedBy: 'watch.too_many',
              time: ago(50),
            },
          ],
        },
  );
  const page = await opened('#/looks');
  await expect(rowOf(page, '2')).toContainText('GetMessagePath');
  await page.getByRole('button', { name: 'Hent ældre' }).click();
  await expect(rowOf(page, '1')).toContainText('watch.too_many');
  await expect(page.getByRole('button', { name: 'Hent ældre' })).toHaveCount(0);
});

test('whoever is refused is told by which rule', async ({ page, console }) => {
  console.refuseAll = new Refused(
    403,
    'permission_denied',
    'console.role_unknown',
    "This certificate's function is none of the console's.",
  );
  await page.goto(console.gateway.url);
  await page.getByRole('textbox').fill('drift-1');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Afvist: console.role_unknown.');
});
