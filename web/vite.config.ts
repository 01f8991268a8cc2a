import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Relative addresses: the server puts its base path into <base href>, so the same build works below any path.
export default defineConfig({
  base: './',
  plugins: [react()],
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
