import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd, killTree, temporaryFolder } from './lifetime.js';
import { ensureVscodeTools } from './tools.js';

export type Settings = Readonly<Record<string, unknown>>;

export interface ServerOptions {
  readonly settings?: Settings;
  /** Added to the environment of the server and so of its extension hosts. */
  readonly environment?: Readonly<Record<string, string>>;
  /** VSIX files to install before it starts. */
  readonly vsix?: readonly string[];
}

export interface VscodeServer {
  /** `127.0.0.1:port`. */
  readonly authority: string;
  /** Where it keeps installed extensions. */
  readonly extensionsFolder: string;
  /** What the server printed so far. */
  output(): string;
  stop(): void;
}

/** A quiet window: no Welcome page, no Chat side bar, nothing that asks or reports. */
const quietSettings: Settings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.ignoreRecommendations': true,
  'workbench.enableExperiments': false,
  'security.workspace.trust.enabled': false,
  'window.commandCenter': false,
  'git.enabled': false,
};

function writeUserSettings(dataFolder: string, settings: Settings): void {
  const folder = join(dataFolder, 'data', 'User');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
}

function spawnServer(dataFolder: string, args: readonly string[], environment: Readonly<Record<string, string>>) {
  const tools = ensureVscodeTools();
  const always = ['--accept-server-license-terms', '--disable-telemetry', '--server-data-dir', dataFolder];
  return spawn(tools.node, [tools.serverMain, ...args, ...always], {
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_RUNTIME_DIR: dataFolder, ...environment },
  });
}

type ServerProcess = ReturnType<typeof spawnServer>;

function collectOutput(child: ServerProcess): () => string {
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => chunks.push(chunk));
  }
  return () => chunks.join('');
}

/** Resolves with the port the server bound; rejects when it ends or stays silent for 60 s. */
async function boundPort(child: ServerProcess, output: () => string): Promise<number> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const port = /listening on (\d+)/.exec(output())?.[1];
    if (port !== undefined) return Number(port);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The VS Code server did not start (exit code ${child.exitCode ?? 'none'}):\n${output()}`);
}

async function installExtension(dataFolder: string, vsix: string): Promise<void> {
  const child = spawnServer(dataFolder, ['--install-extension', vsix, '--force'], {});
  const output = collectOutput(child);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`Installing ${vsix} failed:\n${output()}`);
}

/** Starts a VS Code server on a free port with its own data folder; it dies with this process at the latest. */
export async function startServer(options: ServerOptions = {}): Promise<VscodeServer> {
  const dataFolder = temporaryFolder('vscode');
  writeUserSettings(dataFolder, options.settings ?? {});
  for (const vsix of options.vsix ?? []) await installExtension(dataFolder, vsix);
  const args = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--enable-smoke-test-driver'];
  const child = spawnServer(dataFolder, args, options.environment ?? {});
  const stop = atEnd(() => killTree(child));
  const output = collectOutput(child);
  const port = await boundPort(child, output);
  return { authority: `127.0.0.1:${port}`, extensionsFolder: join(dataFolder, 'extensions'), output, stop };
}
