/** Serves the built panels with the content security policy of a strict webview, and the fake host before them. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../..');
const nonce = 'panel';
const policy = `default-src 'none'; script-src 'nonce-${nonce}'; img-src data:; font-src 'self'`;

async function bundleFakeHost(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'fakeHost.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  });
  return outputFiles[0]?.text ?? '';
}

function page(panel: string): string {
  return `<!doctype html><html><head><meta charset="utf-8"><title>${panel}</title>
<script nonce="${nonce}" src="/fakeHost.js"></script></head>
<body data-restore="{&quot;folder&quot;:&quot;/models/base-1&quot;}"><script nonce="${nonce}">fakeHost.applyTheme(new URLSearchParams(location.search).get('theme') ?? 'dark')</script>
<script nonce="${nonce}" src="/${panel}.js"></script></body></html>`;
}

async function panelScript(name: string): Promise<string> {
  const file = join(root, 'dist/webview', name);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Error(`${file} is missing: run "npm run build" before the panel tests.`, { cause });
  }
}

/** Starts the server on a free port. Panels are at `/diffPanel`, `/checkpointPanel`, `/connectivityPanel` and `/lineagePanel`. */
export async function serveHarness(): Promise<{ url: string; close: () => void }> {
  const panels = ['diffPanel.js', 'checkpointPanel.js', 'connectivityPanel.js', 'lineagePanel.js'];
  const scripts = await Promise.all(panels.map(async (name) => [`/${name}`, await panelScript(name)] as const));
  const files = new Map([['/fakeHost.js', await bundleFakeHost()], ...scripts]);
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const script = files.get(pathname);
    const type = script === undefined ? 'text/html' : 'text/javascript';
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': policy });
    response.end(script ?? page(pathname.slice(1)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
