/** Makes sure that there is a Chromium for the tests, installing it where that is possible. */
import { createRequire } from 'node:module';
import { register } from 'tsx/cjs/api';

register();
const { ensureBrowser } = createRequire(import.meta.url)('./vscode/browser.ts');
console.log(ensureBrowser());
