import assert from 'node:assert/strict';
import { PacedOutput } from '../../../src/engine/pacedOutput.js';
import type { OutputLine } from '../../../src/base/process/commandOutput.js';

describe('paced output', () => {
  const line = (text: string): OutputLine => ({ stream: 'stdout', text });

  it('passes on what a person can read as it is', () => {
    const passed: OutputLine[] = [];
    let time = 0;
    const output = new PacedOutput(
      (shown) => passed.push(shown),
      () => time,
    );
    const lines = Array.from({ length: 2000 }, (_, i) => line(`line ${i}`));
    for (const [i, each] of lines.entries()) {
      time = i * 2;
      output.add(each);
    }
    output.end();
    assert.deepEqual(passed, lines);
  });

  it('passes on the first lines of each second of a flood, and counts the rest', () => {
    const passed: string[] = [];
    let time = 0;
    const output = new PacedOutput(
      ({ text }) => passed.push(text),
      () => time,
    );
    for (const second of [0, 1]) {
      time = second * 1000 + 10;
      for (let i = 0; i < 501 + second; i++) output.add(line(`${second}: ${i}`));
    }
    output.end();
    const shown = (second: number): string[] => Array.from({ length: 500 }, (_, i) => `${second}: ${i}`);
    assert.deepEqual(passed, [...shown(0), '… 1 line not shown', ...shown(1), '… 2 lines not shown']);
  });

  it('tells what was left out last, also where the work fails', async () => {
    const passed: string[] = [];
    const flood = PacedOutput.use(
      ({ text }) => passed.push(text),
      (onOutput) => {
        for (let i = 0; i < 3000; i++) onOutput(line('x'));
        return Promise.reject(new Error('over'));
      },
    );
    await assert.rejects(flood, /over/);
    const leftOut = passed
      .filter((text) => text !== 'x')
      .reduce((sum, text) => sum + Number(/^… ([\d,]+) lines? not shown$/.exec(text)![1]!.replace(',', '')), 0);
    assert.equal(passed.filter((text) => text === 'x').length + leftOut, 3000);
    assert.ok(leftOut >= 1500);
  });
});
