/** Copies the README's pictures from the last run of the VS Code tests: `npm run screenshots`, after `npm test`. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const target = join(root, 'docs', 'images');

/** Name in the README, and the test's picture it is. */
const pictures = {
  'model-versions': 'model-versions',
  'diff-panel': 'diff-light',
  'diff-panel-dark': 'diff-dark',
  'diff-detail': 'diff-tensor',
  checkpoint: 'checkpoint-folder',
  'transfer-plan': 'transfer-plan',
  'transfer-result': 'transfer-result',
  'connectivity-curve': 'connectivity-curve',
  'connectivity-sweep': 'connectivity-sweep',
  'connectivity-barrier': 'connectivity-barrier',
  'connectivity-matrix-dark': 'connectivity-matrix-dark',
  'lineage-next-round': 'lineage-next-round',
};

mkdirSync(target, { recursive: true });
for (const [name, picture] of Object.entries(pictures)) {
  copyFileSync(join(root, 'out', 'screenshots', `${picture}.png`), join(target, `${name}.png`));
}
