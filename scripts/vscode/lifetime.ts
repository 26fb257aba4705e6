/** Ends what the harness started, however this process ends: normally, by an error or by Ctrl-C. */
import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const endings = new Set<() => void>();
let listening = false;

/** Last begun, first ended: a server must be gone before its folder is removed. */
function endEverything(): void {
  for (const end of [...endings].reverse()) {
    try {
      end();
    } catch {
      // The process ends anyway: what is already gone need not be ended.
    }
  }
  endings.clear();
}

function listen(): void {
  if (listening) return;
  listening = true;
  process.once('exit', endEverything);
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(signal, () => process.exit(code));
  }
}

/** Runs `end` when this process ends, or when the returned function is called, whichever comes first; only once. */
export function atEnd(end: () => void): () => void {
  listen();
  endings.add(end);
  return () => {
    if (endings.delete(end)) end();
  };
}

/** Kills a process that was spawned `detached`, together with all it started. */
export function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') execFileSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

/** Makes a folder that is removed when this process ends. */
export function temporaryFolder(purpose: string): string {
  const folder = mkdtempSync(join(tmpdir(), `model-rebase-${purpose}-`));
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}
