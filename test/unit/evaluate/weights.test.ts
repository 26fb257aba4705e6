import assert from 'node:assert/strict';
import { CompanionReader } from '../../../src/checkpoint/index.js';
import { TokenizerThread } from '../../../src/model/tokenizer/index.js';
import { interpolation, planCandidates, transfer } from '../../../src/combine/index.js';
import { FileReader } from '../../../src/compute/fileReader.js';
import type { ResultOf, Task, TensorSlice } from '../../../src/compute/index.js';
import { ValueFormer } from '../../../src/compute/valueFormer.js';
import { stagesOf } from '../../../src/evaluate/forward/index.js';
import { groupCandidates } from '../../../src/evaluate/prepare/candidateGroups.js';
import { shareOut } from '../../../src/evaluate/weights/shareOut.js';
import { BufferPool, planStage, StageWeights } from '../../../src/evaluate/weights/index.js';
import { noChoices, sampleInputs } from './support/samples.js';

/** A real reader that notes how often each byte of each file is read. */
class CountingReader extends FileReader {
  readonly counts = new Map<string, Uint8Array>();

  override read(slice: TensorSlice, target: Uint8Array): void {
    super.read(slice, target);
    const counts = this.counts.get(slice.file.path) ?? new Uint8Array(slice.file.byteLength);
    this.counts.set(slice.file.path, counts);
    for (let i = 0; i < slice.byteLength; i++) counts[slice.start + i]!++;
  }

  bytesReadTimes(times: number): number {
    return [...this.counts.values()].reduce((sum, counts) => sum + counts.filter((count) => count === times).length, 0);
  }
}

/** Does loading tasks here, with a reader that can be asked afterwards. */
class LoadingPool {
  readonly size = 3;

  constructor(private readonly reader: FileReader) {}

  run<T extends Task>(task: T): Promise<ResultOf<T>> {
    assert.ok(task.kind === 'load');
    return Promise.resolve(new ValueFormer(this.reader).load(task) as ResultOf<T>);
  }
}

describe('a pass over the weights of several candidates', () => {
  it('reads each needed byte once, and no other', async () => {
    const combinations = [
      interpolation('b1', 'b2', 0),
      interpolation('b1', 'b2', 0.5),
      transfer('b2', 'f1', 'b1'),
      transfer('f1', 'b2', 'b1', 0.3),
    ];
    const plans = await planCandidates(combinations, sampleInputs, noChoices, 'decoded');
    const [group] = await TokenizerThread.use(undefined, (thread) => groupCandidates(plans, new CompanionReader(), thread, 'auto'));
    const reader = new CountingReader();
    const pool = new LoadingPool(reader);
    const tokens = Uint32Array.of(0, 7, 8, 9, 500, 7);
    for (const stage of stagesOf(group!.graph, [{ tokens, firstScored: 1 }])) {
      const weights = new StageWeights(planStage(plans, stage.wanted), pool, new BufferPool());
      await weights.load();
    }
    reader.close();
    assert.equal(reader.bytesReadTimes(1), neededBytes(plans[2]!.inputs.length, new Set(tokens).size));
    for (const times of [2, 3, 4]) assert.equal(reader.bytesReadTimes(times), 0);
  });

  /** BF16 bytes of all weights, of the embedding only the rows of these many tokens: sizes are those of samples/README.md. */
  function neededBytes(models: number, distinctTokens: number): number {
    const [parameters, vocabulary, hidden] = [1_369_728, 1024, 128];
    return models * 2 * (parameters - (vocabulary - distinctTokens) * hidden);
  }
});

describe('tensors shared out to workers', () => {
  it('are shares of like size, the largest first; a worker without one is left out', () => {
    assert.deepEqual(shareOut([1, 9, 4, 9, 2, 5], 2), [
      [1, 5, 0],
      [3, 2, 4],
    ]);
    assert.deepEqual(shareOut([3, 8], 4), [[1], [0]]);
    assert.deepEqual(shareOut([0, 0, 0], 1), [[0, 1, 2]]);
  });
});

describe('buffers that are used again', () => {
  it('are given out where they are large enough, but not for much less', () => {
    const pool = new BufferPool();
    const [small, large] = [pool.take(100), pool.take(1000)];
    pool.give([small, large]);
    assert.equal(pool.take(900), large);
    assert.notEqual(pool.take(20), small);
    assert.equal(pool.take(100), small);
  });
});
