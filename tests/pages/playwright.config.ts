import { defineConfig } from '@playwright/test';
import { chromium, folder } from './place.ts';

export default defineConfig({
  testDir: folder,
  workers: 1, // the fake exchange's clock and the machine's two cores are one test's at a time
  reporter: 'list',
  timeout: 60000,
  forbidOnly: true,
  use: {
    ignoreHTTPSErrors: true, // the fake's certificate is made for each run
    locale: 'da-DK',
    timezoneId: 'Europe/Copenhagen',
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: chromium,
      args: [
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
