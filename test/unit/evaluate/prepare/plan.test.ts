import assert from 'node:assert/strict';
import { interpolation } from '../../../../src/combine/index.js';
import { defaultSettings, planEvaluation } from '../../../../src/evaluate/index.js';
import { noChoices, sampleInputs, samplePath } from '../support/samples.js';

describe('plan of an evaluation', () => {
  it('counts operations, formed weights and activations as its formulas say', async () => {
    const [candidates, window, limit] = [3, 64, 2];
    const { operations, activationByteLength, formedByteLength, passes } = await planEvaluation({
      inputs: sampleInputs,
      candidates: [0, 0.5, 1].map((alpha) => ({ label: `α = ${alpha}`, combination: interpolation('b1', 'b2', alpha) })),
      tasks: [samplePath('text', 'french.txt')],
      choices: noChoices,
      settings: { ...defaultSettings, window, limit },
    });
    const [layers, hidden, heads, keyValues, feedForward, vocabulary] = [6, 128, 4, 64, 352, 1024];
    const products = 2 * hidden * hidden + 2 * hidden * keyValues + 3 * hidden * feedForward;
    const scored = (window - 1) * limit; // a window's first token is not predicted
    const forward = layers * limit * (2 * window * products + 4 * window * window * hidden) + 2 * scored * hidden * vocabulary;
    assert.equal(operations, candidates * forward);
    assert.equal(activationByteLength, candidates * layers * limit * window * 4 * (4 * heads * window + 3 * feedForward + 8 * hidden));
    const formed = formedByteLength / 4 / candidates - layers * (products + 2 * hidden) - hidden - vocabulary * hidden;
    assert.equal(formed % hidden, 0, 'the rest is rows of the embedding');
    assert.ok(formed > 0 && formed <= window * limit * hidden);
    assert.equal(passes, 1);
  });
});
