// The relocation desk: what the coordinator at the contact point sees, and does.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, rowOf, test } from '../fixtures.ts';
import { application, handover, request } from '../fake/contact_point.ts';
import { Refused } from '../fake/service.ts';
import { HandoverDeskService } from '../gen/exitbus/contact_point/v1/handover_desk_pb.ts';
import { PoolDeskService } from '../gen/exitbus/contact_point/v1/pool_desk_pb.ts';
import { PoolRefusalCode, PoolStage } from '../gen/exitbus/pool/v1/pool_pb.ts';
import { RelocationDecisionService } from '../gen/exitbus/relocation/v1/decision_service_pb.ts';
import {
  AssessmentGround,
  AssessmentOutcome,
  PlacementReason,
  RelocationStage,
} from '../gen/exitbus/relocation/v1/relocation_pb.ts';
import {
  RelocationAssessmentService,
  RelocationPlaceService,
} from '../gen/exitbus/relocation/v1/relocation_service_pb.ts';

const act = (page: Page, name: string) =>
  page.locator('section.act').filter({ has: page.getByRole('heading', { name, exact: true }) });

test('open requests stand by what is ours and due', async ({ deskOpened }) => {
  const page = await deskOpened();
  await expect(page).toHaveTitle('Anmodninger · Det Nationale Exitkontaktpunkt · exitbus');
  await expect(rowOf(page, 'r-7f3a')).toContainText('nødvendig');
  await expect(rowOf(page, 'r-7f3a')).toContainText('os');
  await expect(rowOf(page, 'r-7f3a')).toContainText('om 5 d');
  await expect(rowOf(page, 'r-7f3a')).toContainText('Ishøj Kommune');
});

test('a gateway without a console leads to the desk', async ({ page, desk }) => {
  await page.goto(desk.gateway.url);
  await page.getByRole('textbox').fill('ekp-1');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/desk\.html$/);
});

test('one request with its places, on the map too, and the ranking with a reason for each score', async ({
  deskOpened,
}) => {
  const page = await deskOpened('#/request/r-7f3a');
  const places = page.getByRole('region', { name: 'Tabel: Steder' });
  await expect(places.getByRole('row').filter({ hasText: 'København' })).toContainText('hindring');
  await expect(places.getByRole('row').filter({ hasText: 'Odense' })).toContainText(
    /har plads.*1 fra .*borgeren: ja, ansvarlig: for/,
  );
  await expect(places.getByRole('row').filter({ hasText: 'Aalborg' })).toContainText('ingen plads');
  await expect(places.getByRole('row').filter({ hasText: 'Næstved' })).toContainText(
    /spurgt.*police-1469.*overskredet/,
  );
  const look = (name: string) =>
    page.locator('.map path').filter({ hasText: new RegExp(`^${name}: `) });
  await expect(look('København')).toHaveClass('look-excluded');
  await expect(look('Odense')).toHaveClass('look-room');
  await expect(look('Aalborg')).toHaveClass('look-clear');
  await expect(look('Næstved')).toHaveClass('look-asked');
  await expect(look('Ishøj')).toHaveClass('look-none');
  const ranked = page.getByRole('region', { name: 'Tabel: Rangordning' }).getByRole('row');
  await expect(ranked.nth(1)).toContainText(
    'Odense4,25 af 5 (4 kendte)5: ingen hindring3: ingen der4: arbejde sandsynligtikke kendt5: har modtaget ingen0',
  );
  await expect(page.getByText('25–34')).toBeVisible();
  await expect(page.getByText('03/2027')).toBeVisible();
});

test('a place is decided for, with reasons, once', async ({ deskOpened, desk }) => {
  const ids: string[] = [];
  desk.on(RelocationDecisionService.method.decideRelocation, (asked, { headers }) => {
    ids.push(asked.requestId);
    expect(asked).toMatchObject({
      relocationId: 'r-7f3a',
      etag: 'etag-1',
      municipality: '0461',
      reasons: [PlacementReason.RANKED_FIRST, PlacementReason.CITIZENS_WISH],
    });
    expect(Buffer.from(String(headers['exitbus-purpose-bin']), 'base64').toString()).toBe(
      'exit-support',
    );
    if (ids.length === 1)
      throw new Refused(
        503,
        'unavailable',
        'test.away',
        'Nothing was changed, or you were not told.',
      );
    const decided = request({
      stage: RelocationStage.DECIDED,
      etag: 'etag-2',
      placements: [{ municipality: '0461', number: 1, reasons: asked.reasons }],
    });
    desk.tellRequest(decided);
    return { relocation: decided };
  });
  const page = await deskOpened('#/request/r-7f3a');
  const decide = act(page, 'Beslut');
  await decide.getByLabel('Kommune').selectOption('Odense');
  await decide.getByLabel('rangeret først').check();
  await decide.getByLabel('borgerens ønske').check();
  await decide.getByRole('button', { name: 'Beslut' }).click();
  await expect(decide.getByRole('alert')).toContainText('test.away');
  await decide.getByRole('button', { name: 'Beslut' }).click();
  await expect(page.getByRole('region', { name: 'Tabel: Beslutninger' })).toContainText(
    /Odense.*rangeret først, borgerens ønske.*står ved magt/,
  );
  await expect(act(page, 'Beslut')).toHaveCount(0);
  await expect(act(page, 'Tilbagekald beslutningen')).toBeVisible();
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
});

test('another content is another request', async ({ deskOpened, desk }) => {
  const ids: string[] = [];
  desk.on(RelocationPlaceService.method.askPlaces, (asked) => {
    ids.push(`${asked.requestId} ${asked.municipalities}`);
    throw new Refused(
      400,
      'failed_precondition',
      'relocation.places_asked',
      'These were asked about before.',
    );
  });
  const page = await deskOpened('#/request/r-7f3a');
  const ask = act(page, 'Spørg politiet');
  for (const name of ['Ishøj', 'Herlev']) {
    await ask.getByLabel('Kommune').selectOption(name);
    await ask.getByRole('button').click();
    await expect(ask.getByRole('alert')).toContainText('relocation.places_asked');
    await expect.poll(() => ids.length).toBe(name === 'Ishøj' ? 1 : 2);
  }
  expect(ids.map((id) => id.split(' ')[1])).toEqual(['0183', '0163']);
  expect(ids[0]!.split(' ')[0]).not.toBe(ids[1]!.split(' ')[0]);
});

test('a nomination is assessed', async ({ deskOpened, desk }) => {
  desk.requests = [request({ stage: RelocationStage.NOMINATED, places: [] })];
  desk.on(RelocationAssessmentService.method.assessRelocation, (asked) => {
    expect(asked).toMatchObject({
      outcome: AssessmentOutcome.NECESSARY,
      grounds: [AssessmentGround.CRITERIA_MET],
      asked: [],
    });
    desk.tellRequest(request({ etag: 'etag-2' }));
    return {};
  });
  const page = await deskOpened('#/request/r-7f3a');
  await act(page, 'Vurdér').getByLabel('kriterierne er opfyldt').check();
  await act(page, 'Vurdér').getByRole('button').click();
  await expect(act(page, 'Vurdér')).toHaveCount(0);
  await expect(act(page, 'Spørg politiet')).toBeVisible();
});

test('the ledger stands on the map and in the table', async ({ deskOpened }) => {
  const page = await deskOpened('#/ledger');
  await expect(rowOf(page, 'Aalborg')).toContainText('Aalborg085130101');
  await expect(
    page.locator('.map path').filter({ hasText: /^Aalborg: 3 eller flere/ }),
  ).toHaveClass('look-many');
  await expect(page.locator('.map path').filter({ hasText: /^Odense: 1–2/ })).toHaveClass(
    'look-some',
  );
  await expect(page.locator('.map path').filter({ hasText: ': ' })).toHaveCount(98);
});

test('the budget, a forecast that is not known, and a grant in part with its reason', async ({
  deskOpened,
  desk,
}) => {
  desk.applications = [application(PoolStage.UNDER_TREATMENT)];
  desk.on(PoolDeskService.method.grantPoolApplication, (asked) => {
    expect(asked).toMatchObject({
      applicationId: 'p-51c2',
      etag: 'etag-p',
      grantedDkk: 9000n,
      code: PoolRefusalCode.COST_TOO_HIGH,
    });
    desk.tellApplication(application(PoolStage.PARTLY_GRANTED));
    return {};
  });
  const page = await deskOpened('#/budget');
  await expect(page.getByText('Tilbage', { exact: true }).locator('..')).toContainText(
    '1.660.000 kr.',
  );
  await expect(page.getByText('Prognose', { exact: true }).locator('..')).toContainText('ukendt');
  await page.getByRole('link', { name: 'p-51c2' }).click();
  const grant = act(page, 'Bevilg');
  await grant.getByLabel('Beløb i hele kroner').fill('9000');
  await grant.getByLabel('Hvorfor ikke alt').selectOption('for dyrt');
  await grant.getByRole('button').click();
  await expect(act(page, 'Bogfør udbetaling')).toBeVisible();
});

test('a side that is waited for is nudged', async ({ deskOpened, desk }) => {
  desk.on(HandoverDeskService.method.nudgeHandover, ({ contactId }) => {
    expect(contactId).toBe('h-0c44');
    desk.tellHandover(handover(1));
    return {};
  });
  const page = await deskOpened('#/handovers');
  await expect(rowOf(page, 'h-0c44')).toContainText('modtageren');
  await page.getByRole('link', { name: 'h-0c44' }).click();
  await act(page, 'Ryk').getByRole('button').click();
  await expect(page.getByText('Rykket', { exact: true }).locator('..')).toContainText('1');
});

test('axe finds nothing, no view is wider than 360 px, and what is told too much is nowhere', async ({
  deskOpened,
  desk,
}) => {
  test.setTimeout(180000);
  const canary = 'kanariefugl-91bd';
  desk.beside = { personName: canary, cprNumber: canary, address: { street: canary } };
  const page = await deskOpened();
  let seen = 0;
  for (const hash of [
    '#/requests',
    '#/request/r-7f3a',
    '#/ledger',
    '#/budget',
    '#/application/p-51c2',
    '#/handovers',
    '#/handover/h-0c44',
  ]) {
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.locator('table, dl').first()).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        hash,
      ).toEqual([]);
    }
    await page.setViewportSize({ width: 360, height: 640 });
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth),
      hash,
    ).toBeLessThanOrEqual(360);
    await page.setViewportSize({ width: 1280, height: 800 });
    expect(await page.content(), hash).not.toContain(canary);
    ++seen;
  }
  expect(seen).toBe(7);
  const kept = await page.evaluate(async () =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      await indexedDB.databases(),
    ]),
  );
  for (const secret of ['r-7f3a', 'ekp-1', 'exit-support', canary])
    expect(kept).not.toContain(secret);
});

test('a lost connection is said at the desk too', async ({ deskOpened, desk }) => {
  const page = await deskOpened();
  await desk.gateway.stop();
  await expect(page.getByRole('alert')).toContainText('Forbindelsen er væk');
  await desk.gateway.start();
  await expect(page.getByRole('alert')).toHaveCount(0, { timeout: 15000 });
  await expect(rowOf(page, 'r-7f3a')).toBeVisible();
});
