import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { formatCommandLine, parseCommandLine } from '../../../../src/base/process/commandLine.js';

/** The words that a real shell makes of a line. */
function wordsOfShell(line: string): string[] {
  const output = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return output.split('\0').slice(0, -1);
}

describe('the line of an outside command', () => {
  const lines = [
    'lm_eval --model hf --model_args pretrained={model},dtype=bfloat16 --tasks gsm8k',
    '  spaces\t and\ttabs  ',
    `a 'single quoted' "double quoted" mi'xe'"d"`,
    `a "say \\"hi\\" \\\\ '" 'a "b" \\'`,
    `a '' ""`,
    'a with\\ blank it\\\'s \\"',
    `a '$(date)' '|' "a|b" '$HOME' "50 $" 100$`,
  ];
  for (const line of lines) {
    it(`is split as a shell splits it: ${line}`, () => assert.deepEqual(parseCommandLine(line), wordsOfShell(line)));
  }

  it('keeps the backslashes of Windows paths', () =>
    assert.deepEqual(parseCommandLine('C:\\tools\\score.exe "C:\\my models\\a" {model}'), [
      'C:\\tools\\score.exe',
      'C:\\my models\\a',
      '{model}',
    ]));

  const refused: [string, RegExp][] = [
    ['score {model} | tail -1', /has \| at character 15, but no shell runs it\. Put it between single quotes/],
    ['score {model} > out', /has > at/],
    ['score {model} 2>&1', /has > at/],
    ['a && b', /has & at/],
    ['a; b', /has ; at/],
    ['a $(b)', /has \$\( at/],
    ['a "$(b)"', /has \$\( at/],
    ['a $HOME', /has \$H at/],
    ['a "${HOME}"', /has \$\{ at/],
    ['a `b`', /has ` at/],
    ['CUDA_VISIBLE_DEVICES=0 lm_eval', /starts with CUDA_VISIBLE_DEVICES=0, but no shell runs it\. Write: env CUDA_VISIBLE_DEVICES=0/],
    ["a 'b", /a quote ' at character 3 that is not closed/],
    ['a "b\\"', /a quote " at character 3 that is not closed/],
    ['   ', /is empty/],
    ['""', /is empty/],
  ];
  for (const [line, message] of refused) {
    it(`is refused: ${line}`, () => assert.throws(() => parseCommandLine(line), { name: 'OutsideCommandError', message }));
  }

  it('property: what is formatted is read back, by us and by a shell', () => {
    const words = fc.array(
      fc.string({ unit: 'grapheme', minLength: 1 }).map((word) => word.replaceAll('\0', '0')),
      { minLength: 1 },
    );
    const property = fc.property(words, (rest) => {
      const command = ['program', ...rest];
      assert.deepEqual(parseCommandLine(formatCommandLine(command)), command);
      assert.deepEqual(wordsOfShell(formatCommandLine(command)), command);
    });
    fc.assert(property, { seed: 20261125, numRuns: 60 });
  });

  it('shows plain arguments without quotes', () =>
    assert.equal(
      formatCommandLine(['lm_eval', '--args', 'pretrained={model},dtype=f16', 'two words']),
      "lm_eval --args pretrained={model},dtype=f16 'two words'",
    ));
});
