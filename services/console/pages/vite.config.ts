import { defineConfig } from 'vite';
import { municipalities } from './map';

export default defineConfig({
  base: './',
  plugins: [municipalities()],
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the gateway's policy lets in no data: but images
    modulePreload: { polyfill: false },
    rollupOptions: { input: ['index.html', 'desk.html'] },
  },
});
