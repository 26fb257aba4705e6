/**
 * Writes THIRD_PARTY_NOTICES.md: the licence of everything that is shipped, from what the build bundled (out/bundled.json) and from the
 * native packages that go beside the bundles. With `--check`, only says whether the file is what it has to be.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const file = join(root, 'THIRD_PARTY_NOTICES.md');

/** Shipped beside the bundles in each VSIX, or linked into the kernels: no bundler knows of them. */
const beside = ['assemblyscript', 'onnxruntime-common', 'onnxruntime-node', 'webgpu'].map((name) => `node_modules/${name}`);

/** Licences that packages leave to their repository, and where they are. */
const keptHere = {
  '@lit-labs/ssr-dom-shim': ['node_modules/lit-html/LICENSE'], // of the same repository
  'onnxruntime-common': ['notices/onnxruntime-LICENSE.txt'],
  'onnxruntime-node': ['notices/onnxruntime-LICENSE.txt'],
};

/** What stands beside a licence. */
const remarks = {
  'onnxruntime-node': 'The notices of what onnxruntime itself consists of are in notices/onnxruntime-ThirdPartyNotices.txt.',
  webgpu:
    'The package is Dawn, built for Node. On Windows it comes with the DirectX shader compiler, whose licence and notices lie beside it.',
  assemblyscript: 'Parts of its runtime are compiled into dist/kernels.wasm.',
};

const licenceFile = /^(licen[cs]e|copying|notice|thirdpartynotices)(\.(md|txt))?$/i;

function bundledFolders() {
  const path = join(root, 'out', 'bundled.json');
  if (!existsSync(path)) throw new Error('There is no out/bundled.json: run npm run build first.');
  return JSON.parse(readFileSync(path, 'utf8'));
}

function readPackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const own = readdirSync(join(root, folder)).filter((entry) => licenceFile.test(entry));
  const paths = keptHere[name] ?? own.map((entry) => join(folder, entry));
  if (paths.length === 0) {
    throw new Error(`${name} ${version} (${license}) has no licence file. Add its licence to notices/ and name it in scripts/notices.mjs.`);
  }
  return { name, version, license, texts: paths.map((path) => readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n').trim()) };
}

function section({ name, version, license, texts }) {
  const remark = remarks[name] === undefined ? [] : [remarks[name]];
  return [`## ${name} ${version} (${license})`, ...remark, ...texts.map((text) => `\`\`\`\`text\n${text}\n\`\`\`\``)].join('\n\n');
}

function notices() {
  const packages = [...bundledFolders(), ...beside].map(readPackage).sort((a, b) => (a.name < b.name ? -1 : 1));
  const head = [
    '# Third-party notices',
    'Model Rebase is under the [MIT licence](LICENSE). It comes with the following software, each under its own licence. Made by `npm run notices`.',
  ];
  return `${[...head, ...packages.map(section)].join('\n\n')}\n`;
}

const text = notices();
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
  console.error('THIRD_PARTY_NOTICES.md is not what is bundled. Run: npm run build && npm run notices');
  process.exitCode = 1;
}
