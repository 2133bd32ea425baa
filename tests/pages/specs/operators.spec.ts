// What operators see: every page, by what the console tells.
import { readFile } from 'node:fs/promises';
import { expect, rowOf, test } from '../fixtures.ts';
import { ago, authorities, authority, count, ownIshoj, waits } from '../fake/rows.ts';
import { Role } from '../gen/exitbus/operations/v1/account_pb.ts';
import { HopKind } from '../gen/exitbus/operations/v1/trace_pb.ts';
import { AuthorityKind, Channel } from '../gen/exitbus/policy/v1/policy_pb.ts';

const id = '0123456789abcdef0123456789abcdef';

test('environment and authority stand in every title', async ({ opened }) => {
  const page = await opened();
  for (const title of [
    'Strømme',
    'Direkte',
    'Myndigheder',
    'Brevets vej',
    'Certifikater og nøgler',
    'Broker og register',
    'Forbindelsesprøve',
    'Opslag',
  ]) {
    await page.getByRole('navigation').getByRole('link', { name: title }).click();
    await expect(page).toHaveTitle(`${title} · alle myndigheder · demo · exitbus`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      `${title} alle myndigheder · demo`,
    );
  }
  await page.getByRole('link', { name: 'Myndigheder', exact: true }).click();
  await page.getByRole('link', { name: 'Ishøj Kommune' }).click();
  await expect(page).toHaveTitle('Myndighed · Ishøj Kommune · demo · exitbus');
});

test('the worst stream stands first, and unknown is said with why and since when', async ({
  opened,
}) => {
  const page = await opened();
  const first = page.getByRole('row').nth(1);
  await expect(first).toContainText('Ishøj Kommune');
  await expect(first).toContainText('sidder fast, under 15 min, udgående');
  const fyn = page.getByRole('row').filter({ hasText: 'exitbus.v1.case.police.1462' });
  await expect(fyn).toContainText(/ukendt siden 4 min: myndigheden er tavs/);
  await expect(fyn.getByRole('cell', { name: '0', exact: true })).toHaveCount(0);
  const secret = page.getByRole('row').filter({ hasText: 'exitbus.v1.handover.police.1462' });
  await expect(secret).not.toContainText('intet venter');
  const odense = page.getByRole('row').filter({ hasText: 'exitbus.v1.case.municipality.0461' });
  await expect(odense).toContainText('for 2'); // the oldest, some twenty seconds old
  await expect(odense.getByRole('cell', { name: '3', exact: true })).toBeVisible();
});

test('a list is narrowed by state, channel and words, and the address keeps it', async ({
  opened,
}) => {
  const page = await opened();
  const rows = page.locator('tbody tr');
  const all = await rows.count();
  await page.getByLabel('Tilstand').selectOption('stuck');
  await expect(rows).toHaveCount(3);
  await expect(page.getByText(`3 af ${all} vises`)).toBeVisible();
  await page.getByLabel('Kanal').selectOption('sikkerhed');
  await expect(rows).toHaveCount(1);
  await page.getByLabel('Kanal').selectOption('');
  await page.getByLabel('Tilstand').selectOption('');
  await page.getByLabel('Søg').fill('fyns');
  await expect(rows).toHaveCount(5);
  expect(page.url()).toContain('search=fyns');
  await page.getByLabel('Søg').fill('ingen hedder sådan');
  await expect(page.getByText('Intet at vise.')).toBeVisible();
});

test('a list is put in order by its heads', async ({ opened }) => {
  const page = await opened('#/authorities');
  const first = page.locator('tbody tr').first();
  await page.getByRole('button', { name: 'Myndighed' }).click();
  await expect(first).toContainText('Det Nationale Exitkontaktpunkt');
  await page.getByRole('button', { name: 'Myndighed' }).click();
  await expect(first).toContainText('Odense Kommune');
  await expect(page.getByRole('columnheader', { name: 'Myndighed' })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
});

test('what is shown is taken along as a file', async ({ opened }) => {
  const page = await opened('#/streams?state=waiting');
  await expect(page.locator('tbody tr')).toHaveCount(1);
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Gem som CSV' }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe('exitbus-streams.csv');
  const lines = (await readFile(await file.path(), 'utf8')).split('\r\n');
  expect(lines[0]).toBe('\ufeffLæser;Kanal;Tilstand;Ulæst;Ældste;Må skrive;Poster i alt;Emne');
  expect(lines[1]).toMatch(
    /^Odense Kommune;sag;venter;3;for \d+ s siden;"98: kommune, politi";1\.204;exitbus\.v1\.case\.municipality\.0461$/,
  );
  expect(lines).toHaveLength(3);
});

test('rows change without a reload', async ({ opened, console }) => {
  const page = await opened('#/authorities?state=waiting');
  await expect(page.locator('tbody tr')).toHaveCount(1);
  const odense = authorities().find(({ authority }) => authority === 'municipality-0461')!;
  console.tell({ authorities: [{ ...odense, state: 3, channels: [] }] });
  await expect(page.locator('tbody tr')).toHaveCount(0);
  await page.getByLabel('Tilstand').selectOption('stuck');
  await expect(page.locator('tbody tr')).toHaveCount(2);
});

test("another's secret channels are shown as one, in steps", async ({ opened }) => {
  const page = await opened('#/authority/municipality-0183');
  await expect(page.getByText('sidder fast, under 15 min, udgående')).toBeVisible();
  await expect(
    page.getByText('vises med tal kun for myndighedens egen driftsansvarlige'),
  ).toBeVisible();
  for (const channel of ['overdragelse', 'sikkerhed', 'flytning'])
    await expect(rowOf(page, channel)).toHaveCount(0);
  await expect(rowOf(page, 'sag')).toBeVisible();
});

test('its own operator finds the stuck handover, with count and age, and few cases as under 5', async ({
  opened,
  console,
}) => {
  console.self = {
    role: Role.AUTHORITY_OPERATOR,
    authority: 'municipality-0183',
    authorityName: 'Ishøj Kommune',
    environment: 'demo',
  };
  console.rows = [ownIshoj(), ...authorities().slice(1)];
  const page = await opened('#/authority/municipality-0183');
  await expect(page).toHaveTitle('Myndighed · Ishøj Kommune · demo · exitbus');
  await expect(rowOf(page, 'overdragelse').first()).toContainText(/1 for 7 min siden/);
  await expect(page.getByRole('row').filter({ hasText: 'bad_signature' })).toContainText('3');
  await expect(page.getByText('Frister inden for et døgn').locator('..')).toContainText('under 5');
  await expect(page.getByText('Overskredne frister').locator('..')).toContainText('0');
});

test('a stream is followed live, held still, and leads to a path', async ({ opened, console }) => {
  const page = await opened('#/stream/exitbus.v1.case.municipality.0461');
  await expect(page.getByText('Forbundet')).toHaveCount(2);
  const hop = (
    hopId: string,
    kind: HopKind,
    failureClass = '',
    authority = 'municipality-0461',
  ) => ({ hopId, kind, failureClass, authority, channel: Channel.CASE, time: ago(1) });
  await expect
    .poll(() => {
      console.hops({ hops: [hop(id, HopKind.PARKED)] });
      return page.locator('tbody tr').count();
    })
    .toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Hold stille' }).click();
  const held = await page.locator('tbody tr').count();
  console.hops({
    hops: [hop(id, HopKind.NOT_SENT, 'broker_away'), hop(id, HopKind.SENT, '', 'nec')],
    leftOut: 7n,
  });
  await expect(page.getByText('7 trin kom hurtigere')).toBeVisible();
  await expect(page.locator('tbody tr')).toHaveCount(held);
  await page.getByRole('button', { name: 'Følg igen' }).click();
  await expect(page.locator('tbody tr')).toHaveCount(held + 1);
  await expect(page.locator('tbody tr').first()).toContainText('ikke afsendt broker_away');
  await page.getByRole('link', { name: id }).first().click();
  await expect(page.getByLabel('Trin-id')).toHaveValue(id);
  await expect.poll(() => console.gateway.streamsOpen).toBe(1); // the hops' has ended
});

test('hops a second are drawn, and said in words', async ({ opened, console }) => {
  const page = await opened('#/live');
  await expect(page.locator('canvas')).toBeVisible();
  await expect
    .poll(async () => {
      console.hops({
        hops: [
          {
            hopId: id,
            kind: HopKind.SENT,
            authority: 'nec',
            channel: Channel.DIRECTORY,
            time: ago(0),
          },
        ],
      });
      return page.getByText(/trin de sidste .*, højst \d+ i et sekund/).count();
    })
    .toBe(1);
});

test('papers stand by their ends', async ({ opened }) => {
  const page = await opened('#/papers');
  const rows = page.locator('tbody tr');
  await expect(rows.first()).toContainText('Fyns Politi'); // unknown before all that is known to be valid
  await expect(rows.nth(1)).toContainText('Københavns Vestegns Politi');
  await expect(rows.nth(1)).toContainText('om 8 d');
  await expect(rows.nth(1)).toContainText('snart');
});

test('the broker, away with why, and the register against the stream', async ({
  opened,
  console,
}) => {
  const page = await opened('#/broker');
  await expect(page.getByText(/^Nået i 2 t/)).toBeVisible();
  console.tell({
    exchange: {
      brokerReached: false,
      brokerSince: ago(61),
      brokerFailure: 'connection refused',
      topicsMissing: count(2),
      brokers: { figure: { case: 'unknown', value: { why: 3, since: ago(61) } } },
    },
  });
  await expect(page.getByText('Ikke nået i 1 min: connection refused')).toBeVisible();
  await expect(page.getByText('Brokere', { exact: true }).locator('..')).toContainText(
    'ukendt siden 1 min: konsollen når ingen broker',
  );
});

test('an observer has no way to what is for operators', async ({ opened, console }) => {
  console.self = { role: Role.OBSERVER, environment: 'demo' };
  const page = await opened('#/path');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Her er ingen side');
  for (const name of ['Brevets vej', 'Forbindelsesprøve', 'Opslag'])
    await expect(page.getByRole('link', { name })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Strømme' })).toBeVisible();
});

test('letters that were not all counted are at least so many', async ({ opened, console }) => {
  const page = await opened('#/authority/municipality-0183');
  console.tell({
    authorities: [
      authority('municipality-0183', 'Ishøj Kommune', AuthorityKind.MUNICIPALITY, {
        channels: [
          {
            channel: Channel.CASE,
            parked: {
              figure: { case: 'known', value: { count: 1000n, atLeast: true, oldest: ago(9) } },
            },
            dead: waits(0),
          },
        ],
      }),
    ],
  });
  await expect(rowOf(page, 'sag')).toContainText('mindst 1.000');
  await expect(rowOf(page, 'sag')).toContainText('vises ikke');
});
