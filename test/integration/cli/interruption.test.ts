import assert from 'node:assert/strict';
import { Interruption } from '../../../src/cli/interruption.js';

describe('interruption of the command line', () => {
  function interrupted(): { interruption: Interruption; said: string[]; signals: string[] } {
    const [said, signals]: [string[], string[]] = [[], []];
    const interruption = new Interruption(
      (text) => said.push(text),
      (signal) => signals.push(signal),
    );
    return { interruption, said, signals };
  }

  it('cancels first, and ends the process the second time with what it leaves behind', () => {
    const { interruption, said, signals } = interrupted();
    interruption.onKill(() => 'The rest stays in x.partial.');
    interruption.interrupt('SIGINT');
    assert.deepEqual([interruption.signal.aborted, said, signals], [true, [], []]);
    interruption.interrupt('SIGINT');
    assert.deepEqual([said, signals], [['model-rebase: Stopped at once. The rest stays in x.partial.\n'], ['SIGINT']]);
  });

  it('says no more where nothing is left behind', () => {
    const { interruption, said, signals } = interrupted();
    interruption.interrupt('SIGINT');
    interruption.interrupt('SIGTERM');
    assert.deepEqual([said, signals], [['model-rebase: Stopped at once.\n'], ['SIGTERM']]);
  });
});
