// The program under test: `shuke serve` on a fresh folder and a free port.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const kStartMs = 30_000;

export async function startProgram({ base = '' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'shuke-browser-'));
  const extra = base ? ['--base-path', base] : [];
  const child = spawn(process.env.SHUKE, ['serve', '--data', folder, '--listen', '127.0.0.1:0', ...extra], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (part) => (output += part));
  child.stderr.on('data', (part) => (output += part));
  const deadline = Date.now() + kStartMs;
  let origin = '';
  while (!origin) {
    if (child.exitCode !== null) throw new Error(`shuke serve ended:\n${output}`);
    if (Date.now() > deadline) throw new Error(`shuke serve is not ready:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    origin = (/listening on (http\S+)/.exec(output)?.[1] ?? '').replace(/\/$/, '');
  }
  return {
    origin,
    // The token of the one-time link shown at the first start.
    setupLink() {
      const token = /#\/setup\?token=([\w.~%-]+)/.exec(output)?.[1];
      if (!token) throw new Error(`no link for the first start in:\n${output}`);
      return `${origin}/#/setup?token=${token}`;
    },
    async stop() {
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await new Promise((resolve) => child.once('exit', resolve));
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
