import assert from 'node:assert/strict';
import { Interruption } from '../../../src/cli/interruption.js';

describe('interruption of the command line', () => {
  function interrupted(): { interruption: Interruption; said: string[]; codes: number[] } {
    const [said, codes]: [string[], number[]] = [[], []];
    const interruption = new Interruption(
      (text) => said.push(text),
      (code) => codes.push(code),
    );
    return { interruption, said, codes };
  }

  it('cancels first, and ends the process the second time with what it leaves behind', () => {
    const { interruption, said, codes } = interrupted();
    interruption.onKill(() => 'The rest stays in x.partial.');
    interruption.interrupt('SIGINT');
    assert.deepEqual([interruption.signal.aborted, said, codes], [true, [], []]);
    interruption.interrupt('SIGINT');
    assert.deepEqual([said, codes], [['model-rebase: Stopped at once. The rest stays in x.partial.\n'], [130]]);
  });

  it('says no more where nothing is left behind', () => {
    const { interruption, said, codes } = interrupted();
    interruption.interrupt('SIGINT');
    interruption.interrupt('SIGTERM');
    assert.deepEqual([said, codes], [['model-rebase: Stopped at once.\n'], [143]]);
  });
});
