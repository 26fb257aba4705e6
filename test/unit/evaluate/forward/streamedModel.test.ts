import assert from 'node:assert/strict';
import type { ModelRequest } from '../../../../src/evaluate/forward/protocol.js';
import { StreamedModel } from '../../../../src/evaluate/forward/streamedModel.js';

describe('a model that was asked to stop', () => {
  it('does nothing more, not even what takes no graph', async () => {
    const stopped = new Int32Array(new SharedArrayBuffer(4));
    const model = new StreamedModel({ provider: 'cpu', threads: 1, stopped });
    const sequences = [{ tokens: Uint32Array.of(0, 1), firstScored: 1 }];
    const embed: ModelRequest = {
      kind: 'embed',
      candidate: 0,
      tokens: Uint32Array.of(0, 1),
      rows: new Float32Array([1, 2]).buffer,
      scale: 1,
      positions: null,
    };
    await model.run({ kind: 'begin', hiddenSize: 1, sequences, batches: [{ sequences: [0], length: 2 }], graphs: [], positions: [] });
    assert.equal(await model.run(embed), null);
    Atomics.store(stopped, 0, 1);
    await assert.rejects(model.run({ ...embed, candidate: 1 }), /asked to stop/);
  });
});
