import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runOutsideCommand } from '../../../../src/evaluate/outside/index.js';
import type { OutsideCommand } from '../../../../src/evaluate/index.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';
import { familyOf, nodeCommand, running, stubbornFamily } from './support/scripts.js';

const graceMs = 300;

describe('the processes of an outside command', () => {
  if (process.platform !== 'linux') {
    it('cannot be watched here: only Linux has /proc');
    return;
  }
  const path = temporaryFolder();

  function run(command: OutsideCommand, signal?: AbortSignal): Promise<number> {
    return runOutsideCommand(command, { modelFolder: path('model'), workFolder: path(), signal, graceMs });
  }

  it('are all gone after a cancel, also those that ignore SIGTERM', async () => {
    const cancellation = new AbortController();
    const result = run(stubbornFamily(path('cancel')), cancellation.signal);
    const family = await familyOf(path('cancel'));
    assert.deepEqual(await running(family), family);
    cancellation.abort(new Error('enough'));
    await assert.rejects(result, { message: 'enough' });
    assert.deepEqual(await running(family), []);
  });

  it('are all gone after a timeout', async () => {
    const result = run(stubbornFamily(path('timeout'), 'wait', { timeoutSeconds: 0.5 }));
    await assert.rejects(result, /did not end within 0\.50 s/);
    assert.deepEqual(await running(await familyOf(path('timeout'))), []);
  });

  it('are all gone after the command ended by itself and left some behind', async () => {
    assert.equal(await run(stubbornFamily(path('ended'), 'echo 5')), 5);
    assert.deepEqual(await running(await familyOf(path('ended'))), []);
  });

  it('are asked before they are killed', async () => {
    const script = `process.on('SIGTERM', () => { console.log('cleaned up'); process.exit(0); }); console.log('ready'); setInterval(() => {}, 1000)`;
    const cancellation = new AbortController();
    const lines: string[] = [];
    const onOutput = ({ text }: { text: string }) => {
      lines.push(text);
      if (text === 'ready') cancellation.abort(new Error('enough'));
    };
    const options = { modelFolder: path('model'), workFolder: path(), signal: cancellation.signal, onOutput };
    await assert.rejects(runOutsideCommand(nodeCommand(script), options), { message: 'enough' });
    assert.deepEqual(lines, ['ready', 'cleaned up']);
  });

  /** Runs a command in a process of its own, which then ends in some way. */
  async function familyAfter(name: string, end: 'process.exit(7)' | 'SIGTERM'): Promise<number[]> {
    const command = stubbornFamily(path(name));
    const script = `
      const { runOutsideCommand } = require(${JSON.stringify(join(__dirname, '../../../../src/evaluate/outside/index.ts'))});
      void runOutsideCommand(${JSON.stringify(command)}, { modelFolder: 'm', workFolder: ${JSON.stringify(path())} });
      ${end === 'SIGTERM' ? '' : `process.on('message', () => { ${end} });`}`;
    const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const family = await familyOf(path(name));
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
    if (end === 'SIGTERM') child.kill(end);
    else child.send('end');
    assert.equal(await ended, end === 'SIGTERM' ? end : 7);
    await delay(50);
    return running(family);
  }

  it('are gone when this process exits', async () => assert.deepEqual(await familyAfter('exit', 'process.exit(7)'), []));
  it('are gone when this process is ended by a signal', async () => assert.deepEqual(await familyAfter('signal', 'SIGTERM'), []));
  it('leave no handlers behind', () => assert.deepEqual([process.listenerCount('SIGHUP'), process.listenerCount('SIGTERM')], [0, 0]));
});
