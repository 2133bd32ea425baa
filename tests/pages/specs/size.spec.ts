// Quick on a small machine: how much script the first view takes, and how long a whole country's rows do.
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { authority } from '../fake/rows.ts';
import { State } from '../gen/exitbus/operations/v1/figures_pb.ts';
import { AuthorityKind } from '../gen/exitbus/policy/v1/policy_pb.ts';

const scriptMost = 150 * 1000;

/** Of the scripts that the page has fetched until it is asked. */
function scriptBytes(page: Page): () => Promise<number> {
  const scripts: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.body());
  });
  return async () => {
    const bodies = await Promise.all(scripts);
    expect(bodies.length).toBeGreaterThan(0);
    const bytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
    console.log(
      `[ pages ] first view: ${bytes} bytes of script compressed, in ${bodies.length} files`,
    );
    return bytes;
  };
}

test('the first view takes at most 150 kB of script, compressed', async ({ page, opened }) => {
  const bytes = scriptBytes(page);
  await opened();
  await expect(page.locator('tbody tr').first()).toBeVisible();
  expect(await bytes()).toBeLessThanOrEqual(scriptMost);
});

test('so does that of the desk', async ({ page, deskOpened }) => {
  const bytes = scriptBytes(page);
  await deskOpened();
  await expect(page.locator('tbody tr').first()).toBeVisible();
  expect(await bytes()).toBeLessThanOrEqual(scriptMost);
});

test('on a machine four times slower 98 municipalities are there in half a second, whole in two, and follow', async ({
  page,
  opened,
  console: fake,
}) => {
  const row = (i: number, state: State) =>
    authority(`municipality-${1000 + i}`, `Kommune ${i}`, AuthorityKind.MUNICIPALITY, { state });
  fake.rows = Array.from({ length: 98 }, (_, i) => row(i, State.FINE));
  const session = await page.context().newCDPSession(page);
  await opened();
  await expect(page.locator('tbody tr')).toHaveCount(98 * 5);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.getByRole('link', { name: 'Myndigheder', exact: true }).click();
  await expect(page.locator('tbody tr')).toHaveCount(98);
  const [first_ms, whole_ms] = await page.evaluate(async () => {
    const before = performance.now();
    const rows = async (wanted: number) => {
      while (
        document.querySelectorAll('tbody tr').length < wanted ||
        !document.querySelector('tbody code')
      )
        await new Promise(requestAnimationFrame);
      return performance.now() - before;
    };
    location.hash = '#/streams';
    return [await rows(50), await rows(98 * 5)] as const;
  });
  console.log(
    `[ pages ] of 490 streams the first are shown after ${Math.round(first_ms)} ms, all after ${Math.round(whole_ms)} ms, four times slowed`,
  );
  expect(first_ms).toBeLessThan(500);
  expect(whole_ms).toBeLessThan(2000);
  fake.tell({ authorities: [row(7, State.STUCK)] });
  await expect(page.getByRole('link', { name: '1 sidder fast', exact: true })).toBeVisible();
});
