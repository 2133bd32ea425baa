// What a page says while the console, the broker or an authority is away, and how it comes back.
import { expect, rowOf, test } from '../fixtures.ts';
import { Refused } from '../fake/service.ts';
import { ago, authorities, authority, unknown } from '../fake/rows.ts';
import { Presence } from '../gen/exitbus/operations/v1/overview_pb.ts';
import { State, WhyUnknown } from '../gen/exitbus/operations/v1/figures_pb.ts';
import { AuthorityKind } from '../gen/exitbus/policy/v1/policy_pb.ts';

const overviewStreams = (asked: { path: string; headers: Record<string, unknown> }[]) =>
  asked.filter(({ path }) => path.includes('/WatchOverview'));

test('a lost connection is said at once, what is shown is marked, and the browser resumes by its token', async ({
  opened,
  console,
}) => {
  const page = await opened('#/authorities');
  await expect(page.locator('tbody tr')).toHaveCount(7);
  const token = console.lastToken;
  await console.gateway.stop();
  await expect(page.getByRole('alert')).toContainText(
    /Forbindelsen er væk\. Det, der vises, er fra kl\. \d\d\.\d\d\.\d\d/,
  );
  await expect(page.getByRole('banner')).toContainText('Ikke forbundet');
  await expect(page.getByText(/^Det er [2-9] s gammelt\.$/)).toBeVisible({ timeout: 10000 });
  await expect(page.getByRole('main')).toHaveClass('old');
  await expect(page.locator('tbody tr')).toHaveCount(7); // still there, as it was
  await console.gateway.start();
  await expect(page.getByRole('alert')).toHaveCount(0, { timeout: 15000 });
  await expect(page.getByRole('main')).not.toHaveClass('old');
  const last = overviewStreams(console.gateway.asked).at(-1)!;
  expect(last.headers['last-event-id']).toBe(token);
  expect(overviewStreams(console.gateway.asked)).toHaveLength(2);
});

test('ages stand still while nobody tells what time it is', async ({ opened, console }) => {
  const page = await opened('#/authority/municipality-0183');
  const started = page.getByText('Startet', { exact: true }).locator('..');
  await expect(started).toContainText('for 3 t siden');
  console.tell({
    authorities: [
      authority('municipality-0183', 'Ishøj Kommune', AuthorityKind.MUNICIPALITY, {
        started: ago(10),
      }),
    ],
  });
  await expect(started).toContainText('for 12 s siden', { timeout: 10000 }); // it counts
  await console.gateway.stop();
  await expect(page.getByRole('alert')).toBeVisible();
  const text = await started.textContent();
  await expect(page.getByText(/^Det er [3-9] s gammelt\.$/)).toBeVisible({ timeout: 10000 });
  expect(await started.textContent()).toBe(text);
});

test('a refused stream is told by its rule, and tried again', async ({ opened, console }) => {
  const page = await opened();
  console.refuseAll = new Refused(
    403,
    'permission_denied',
    'console.unknown_authority',
    'This authority is not in the directory.',
  );
  console.gateway.cut();
  await expect(
    page.getByText('Afvist: console.unknown_authority. This authority is not in the directory.'),
  ).toBeVisible({ timeout: 15000 });
  console.refuseAll = undefined;
  await expect(page.getByRole('alert')).toHaveCount(0, { timeout: 15000 });
  await expect(page.getByRole('banner')).toContainText('Forbundet');
});

test('a console that hangs is noticed', async ({ opened, console, page }) => {
  await opened('#/broker');
  await page.route('**/GetSelf', () => {
    /* no answer comes */
  });
  await expect(page.getByRole('alert')).toContainText('Forbindelsen er væk', { timeout: 35000 });
  await page.unroute('**/GetSelf');
  await expect(page.getByRole('alert')).toHaveCount(0, { timeout: 20000 });
  expect(overviewStreams(console.gateway.asked).at(-1)!.path).toContain('token=token-');
});

test('a console that starts anew tells all anew, and what is gone is gone', async ({
  opened,
  console,
}) => {
  const page = await opened('#/authorities');
  await expect(page.locator('tbody tr')).toHaveCount(7);
  console.rows = authorities().slice(0, 2);
  console.watch = ((watch) => (path: string, stream: Parameters<typeof watch>[1]) => {
    delete stream.asked.headers['last-event-id']; // it does not know the token
    return watch.call(console, path, { ...stream, asked: { ...stream.asked, path } });
  })(console.watch);
  console.gateway.cut();
  await expect(page.locator('tbody tr')).toHaveCount(2, { timeout: 10000 });
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('an authority that falls silent is unknown, with why and since when', async ({
  opened,
  console,
}) => {
  const page = await opened('#/authorities');
  const silent = { figure: unknown(WhyUnknown.SILENT, 15).figure };
  console.tell({
    authorities: [
      authority('nec', 'NEC', AuthorityKind.NEC, {
        presence: Presence.SILENT,
        presenceSince: ago(15),
        state: State.UNSPECIFIED,
        secret: { unknown: { why: WhyUnknown.SILENT, since: ago(15) } },
        memoryBytes: silent,
        diskFreeBytes: silent,
        clockAheadSeconds: undefined,
      }),
    ],
  });
  await expect(rowOf(page, 'NEC')).toContainText(/tavs i 1\d s/);
  await expect(rowOf(page, 'NEC')).toContainText(/ukendt siden 1\d s: myndigheden er tavs/);
  await expect(rowOf(page, 'NEC')).not.toContainText('0 B');
  await page.getByLabel('Tilstand').selectOption('unknown');
  await expect(page.locator('tbody tr')).toHaveCount(2);
});

test('nothing has been shown, and the page says so', async ({ page, console }) => {
  await page.route('**/WatchOverview*', (route) => route.abort());
  await page.goto(console.gateway.url);
  await page.getByRole('textbox').fill('drift-1');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('der er endnu ikke vist noget');
});
