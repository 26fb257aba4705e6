import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { makeWorkspace } from '../../test/vscode/support/workspace.js';
import { bundleTests, outcomesVariable } from './hostTests.js';
import { temporaryFolder } from './lifetime.js';
import { describeOutcomes, readOutcomes, totalsOf } from './results.js';
import { hostTestFiles } from './runTests.js';
import { projectRoot } from './tools.js';

/** Runs the host tests in VS Code Desktop. @returns the exit code: 0 when something passed and nothing failed */
export async function runDesktopTests(): Promise<number> {
  const outcomesPath = join(temporaryFolder('outcomes'), 'outcomes.json');
  await runTests({
    extensionDevelopmentPath: projectRoot,
    extensionTestsPath: await bundleTests(hostTestFiles()),
    extensionTestsEnv: { [outcomesVariable]: outcomesPath },
    launchArgs: [await makeWorkspace(), '--disable-extensions', '--disable-workspace-trust'],
  });
  const outcomes = readOutcomes(outcomesPath);
  console.log(describeOutcomes(outcomes));
  const { passed, failed } = totalsOf(outcomes);
  return failed === 0 && passed > 0 ? 0 : 1;
}
