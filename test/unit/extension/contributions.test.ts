import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contributedCommands } from '../../../src/extension/commands.js';

const root = join(__dirname, '../../..');

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly submenus: readonly { readonly id: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string; readonly submenu?: string }[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly description?: string; readonly markdownDescription?: string }>>;
    };
  };
}

const text = readFileSync(join(root, 'package.json'), 'utf8');
const { contributes } = JSON.parse(text) as Manifest;

function sources(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

const code = sources(join(root, 'src', 'extension')).join('\n');
const commands = Object.keys(contributedCommands).map((name) => `modelRebase.${name}`);
const submenus = contributes.submenus.map(({ id }) => id);
const views = Object.values(contributes.views).flatMap((list) => list.map(({ id }) => id));

describe('contributions in package.json', () => {
  it('have the commands of the code, and menus that name them', () => {
    assert.deepEqual(
      contributes.commands.map(({ command }) => command),
      commands,
    );
    for (const [menu, entries] of Object.entries(contributes.menus)) {
      for (const { command, submenu } of entries) {
        assert.ok(
          command === undefined ? submenus.includes(submenu!) : commands.includes(command),
          `${menu}: ${command ?? String(submenu)}`,
        );
      }
    }
  });

  it('link to commands that there are', () => {
    const links = [...text.matchAll(/command:([\w.]+)/g)].map(([, command]) => command!);
    const own = links.filter((command) => command.startsWith('modelRebase.'));
    assert.ok(own.length > 5);
    for (const command of own) assert.ok(commands.includes(command) || views.some((view) => command === `${view}.focus`), command);
    for (const [, command] of text.matchAll(/"onCommand:(modelRebase\.\w+)"/g)) assert.ok(commands.includes(command!), command);
  });

  it('the code runs only commands that there are', () => {
    for (const [, command] of code.matchAll(/executeCommand\(\s*'(modelRebase\.\w+)'/g)) assert.ok(commands.includes(command!), command);
  });

  it('every command is registered', () => {
    for (const name of Object.keys(contributedCommands))
      assert.match(code, new RegExp(`(?:registerCommand|aboutLineage)\\(\\s*'${name}'`), name);
  });

  it('settings have descriptions, and the code reads each of them', () => {
    for (const [name, { description, markdownDescription }] of Object.entries(contributes.configuration.properties)) {
      assert.ok((description ?? markdownDescription ?? '').length > 5, name);
      assert.ok(code.includes(`'${name.split('.').at(-1)!}'`), `${name} is read nowhere`);
    }
  });

  it('context keys of when clauses are set by the code', () => {
    const keys = new Set(
      [...text.matchAll(/"(?:when|enablement)": "([^"]*)"/g)].flatMap(([, clause]) =>
        [...clause!.matchAll(/\bmodelRebase\.\w+\b/g)].map(([key]) => key),
      ),
    );
    const others = new Set([...views, ...submenus]);
    for (const key of keys) assert.ok(others.has(key) || code.includes(`'${key}'`) || commands.includes(key), key);
  });
});
