/**
 * Runs the tests that need a real VS Code: `node scripts/vscode/runTests.mjs [host|ui|vsix …]`, all three without a name.
 * MOCHA_GREP chooses tests by title. Writes out/vscode-results.json; exits with 1 when a test failed.
 */
import { createRequire } from 'node:module';
import { register as registerCommonJs } from 'tsx/cjs/api';
import { register } from 'tsx/esm/api';

registerCommonJs();
register();
const { runVscodeTests } = createRequire(import.meta.url)('./runTests.ts');
process.exit(await runVscodeTests(process.argv.slice(2)));
