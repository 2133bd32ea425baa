// The pictures of docs/pages.md, of the figures of the fake exchange.
import { root } from '../place.ts';
import { expect, test } from '../fixtures.ts';
import { ago, authorities, ownIshoj } from '../fake/rows.ts';
import { Role } from '../gen/exitbus/operations/v1/account_pb.ts';
import { HopKind } from '../gen/exitbus/operations/v1/trace_pb.ts';
import { Channel } from '../gen/exitbus/policy/v1/policy_pb.ts';

const picture = (name: string) => ({ path: `${root}/docs/pages/${name}.png` });

test('the stream list', async ({ opened, page }) => {
  await opened();
  await expect(page.locator('tbody tr').first()).toBeVisible();
  await page.screenshot(picture('streams'));
});

test('an authority, to its own operator, dark and small', async ({ opened, page, console }) => {
  console.self = {
    role: Role.AUTHORITY_OPERATOR,
    authority: 'municipality-0183',
    authorityName: 'Ishøj Kommune',
    environment: 'demo',
    development: true,
  };
  console.rows = [ownIshoj(), ...authorities().slice(1)];
  await opened('#/authority/municipality-0183');
  await expect(page.getByText('bad_signature')).toBeVisible();
  await page.screenshot(picture('authority'));
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 360, height: 640 });
  await page.screenshot(picture('small'));
});

test('live, and lost', async ({ opened, page, console }) => {
  await opened('#/live');
  await expect(page.locator('canvas')).toBeVisible();
  for (let i = 0; i < 40; ++i) {
    console.hops({
      hops: Array.from({ length: i % 7 }, (_, at) => ({
        hopId: `${i}${at}`.padStart(32, 'a1c4'),
        kind: (1 + ((i + at) % 7)) as HopKind,
        authority: authorities()[at % 5]!.authority,
        channel: Channel.CASE,
        failureClass: (i + at) % 7 === 2 ? 'broker_away' : '',
        time: ago(0),
      })),
    });
    await page.waitForTimeout(150);
  }
  await console.gateway.stop();
  await expect(page.getByText(/^Det er \d+ s gammelt\.$/)).toBeVisible();
  await page.screenshot(picture('lost'));
  await console.gateway.start();
});

test('the desk', async ({ deskOpened }) => {
  const page = await deskOpened('#/request/r-7f3a');
  await expect(page.getByText('arbejde sandsynligt').first()).toBeVisible();
  await page.setViewportSize({ width: 1000, height: 1250 });
  await page.screenshot(picture('desk'));
});
