// What the browser loads for the shell and Today, in bytes after brotli; fails above the limit.
import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const limit = 350_000;
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const wanted = new Set();
const follow = (key) => {
  const chunk = manifest[key];
  if (!chunk || wanted.has(chunk.file)) return;
  wanted.add(chunk.file);
  for (const css of chunk.css ?? []) wanted.add(css);
  for (const next of chunk.imports ?? []) follow(next);
};
follow('index.html');
follow('src/pages/today/today_page.tsx');

let total = 0;
for (const file of wanted) {
  const bytes = brotliCompressSync(readFileSync(new URL(file, dist))).length; // quality 11, as the program embeds it
  total += bytes;
  console.log(`${String(bytes).padStart(8)}  ${file}`);
}
console.log(`${String(total).padStart(8)}  shell and Today, brotli (limit ${limit})`);
if (total > limit) process.exit(1);
