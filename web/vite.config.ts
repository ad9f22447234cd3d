import { defineConfig } from 'vite';

// One plain script without imports, so that one <script> tag is all that a page needs.
export default defineConfig({
  build: {
    lib: { entry: 'src/main.ts', formats: ['iife'], name: 'TechniekpactChat', fileName: () => 'widget.js' },
    outDir: '../bot/website/static',
    emptyOutDir: false,
    target: 'es2022',
    reportCompressedSize: false,
  },
});
