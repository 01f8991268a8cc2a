// Puts a .br and a .gz beside every file of dist that gets smaller by it; the server sends them as they are.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(js|css|html|svg|json|txt)$/.test(entry.name)) continue;
  const path = `${entry.parentPath}/${entry.name}`;
  if (entry.name === 'index.html') continue; // its <base> is filled in when served
  const plain = readFileSync(path);
  const brotli = brotliCompressSync(plain, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
  });
  const gzip = gzipSync(plain, { level: 9 });
  if (brotli.length < plain.length * 0.95) writeFileSync(`${path}.br`, brotli);
  if (gzip.length < plain.length * 0.95) writeFileSync(`${path}.gz`, gzip);
}
