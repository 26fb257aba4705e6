import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Draft, missingRoles, newDraft, proposeOutput, requestOf, withoutTensors } from '../../../src/extension/transfer/draft.js';
import { liftedBySkipping, patternsThatLift } from '../../../src/extension/transfer/mismatches.js';

describe('Draft of a transfer', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);

  before(() => (folder = mkdtempSync(join(tmpdir(), 'model-rebase-'))));
  after(() => rmSync(folder, { recursive: true }));

  const transfer = (more: Partial<Draft> = {}): Draft => ({
    ...newDraft('transfer', { finetuned: at('tuned'), base: at('old'), target: at('new.safetensors') }),
    output: at('out'),
    ...more,
  });

  it('becomes a request over roles', () => {
    const { combination, inputs, resume, overwrite, vocabulary } = requestOf(transfer({ scale: 0.5, vocabulary: 'rows' }), null);
    assert.deepEqual(combination, {
      steps: [
        { scale: 1, plus: 'target', minus: null },
        { scale: 0.5, plus: 'finetuned', minus: 'base' },
      ],
    });
    assert.deepEqual(
      inputs.map(({ role, path }) => [role, path]),
      [
        ['target', at('new.safetensors')],
        ['finetuned', at('tuned')],
        ['base', at('old')],
      ],
    );
    assert.deepEqual({ resume, overwrite, vocabulary }, { resume: false, overwrite: false, vocabulary: 'rows' });
  });

  it('asks for the tensors, scales and dtype that were chosen', () => {
    const choices = { scales: [{ pattern: 'a.*', scale: 0.5 }], include: ['model.*'], exclude: ['lm_head.*'], dtype: 'F32' } as const;
    const { scales, include, exclude, dtype } = requestOf(transfer({ choices }), null);
    assert.deepEqual({ scales, include, exclude, dtype }, choices);
    const named = { ...choices, nameMap: [{ pattern: 'a.*', replacement: 'b.$1' }], trustNames: true };
    const { nameMap, trustNames } = requestOf(transfer({ choices: named }), null);
    assert.deepEqual([nameMap, trustNames], [named.nameMap, true]);
    const untouched = requestOf(transfer(), null);
    assert.deepEqual([untouched.nameMap, untouched.trustNames], [undefined, undefined]);
    assert.deepEqual([untouched.scales, untouched.include, untouched.exclude, untouched.dtype], [[], [], [], null]);
  });

  it('uses a saved diff vector instead of fine-tuned version and base', () => {
    const draft = transfer({ models: { finetuned: null, base: null, target: at('new'), delta: at('delta') } });
    const { combination, inputs } = requestOf(draft, null);
    assert.deepEqual(combination.steps[1], { scale: 1, plus: 'delta', minus: null });
    assert.deepEqual(
      inputs.map(({ role, expect }) => [role, expect]),
      [
        ['target', 'checkpoint'],
        ['delta', 'diff-vector'],
      ],
    );
  });

  it('knows what is missing', () => {
    assert.deepEqual(missingRoles(newDraft('transfer')), ['finetuned', 'base', 'target']);
    assert.deepEqual(missingRoles(newDraft('transfer', { delta: at('delta') })), ['target']);
    assert.deepEqual(missingRoles(newDraft('diff-vector', { base: at('old') })), ['finetuned']);
    assert.throws(() => requestOf(newDraft('transfer'), null), /have to be chosen/);
  });

  it('proposes a folder beside the target that does not exist', () => {
    assert.equal(proposeOutput(transfer()), at('new+tuned'));
    mkdirSync(at('new+tuned'));
    assert.equal(proposeOutput(transfer()), at('new+tuned-2'));
    assert.equal(proposeOutput(newDraft('diff-vector', { finetuned: at('tuned'), base: at('old') })), at('tuned-minus-old'));
  });

  it('resumes an unfinished run of its output', () => {
    mkdirSync(at('out.partial'));
    assert.equal(requestOf(transfer(), null).resume, true);
    mkdirSync(at('out'));
    assert.equal(requestOf(transfer(), null).resume, false);
  });
});

describe('Skipping mismatched tensors', () => {
  const refusal = (code: string) => ({ severity: 'error', code, message: '' }) as const;

  it('lifts refusals for what does not match, and no others', () => {
    for (const code of ['tensor-shape', 'tensor-not-in-target']) assert.equal(liftedBySkipping([refusal(code)]), true, code);
    for (const code of ['output-place', 'nothing-combined', 'architecture-differs', 'is-an-adapter', 'is-quantised', 'order-unchecked'])
      assert.equal(liftedBySkipping([refusal(code)]), false, code);
  });

  it('gives way to patterns that leave out just what stands in the way', () => {
    const refusals = [{ ...refusal('tensor-missing'), patterns: ['vision.*'] }, refusal('tensor-shape')];
    assert.equal(liftedBySkipping(refusals), false);
    assert.deepEqual(patternsThatLift(refusals), ['vision.*']);
    const draft = withoutTensors(newDraft('transfer'), ['vision.*', 'vision.*']);
    assert.deepEqual(withoutTensors(draft, ['vision.*', 'head.*']).choices.exclude, ['vision.*', 'head.*']);
  });
});
