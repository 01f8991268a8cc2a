import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// What the server fills in when it sends the page: its base path, and the nonce of this page's styles.
const servedPage: Plugin = {
  name: 'served-page',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html) =>
      html
        .replace('<base href="/"', '<base href="__BASE_PATH__"')
        .replace('name="csp-nonce" content=""', 'name="csp-nonce" content="__CSP_NONCE__"'),
  },
};

// Relative addresses: the server puts its base path into <base href>, so the same build works below any path.
export default defineConfig({
  base: './',
  plugins: [react(), servedPage],
  build: {
    target: 'es2022',
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      output: {
        manualChunks: (id) => {
          if (id.includes('node_modules/echarts') || id.includes('node_modules/zrender')) return 'charts';
          if (id.includes('node_modules/@codemirror') || id.includes('node_modules/@lezer')) return 'editor';
          return undefined;
        },
      },
    },
  },
  server: {
    proxy: { '/api': { target: process.env['SHUKE_SERVER'] ?? 'http://127.0.0.1:8600', changeOrigin: false } },
  },
});
