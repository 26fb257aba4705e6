import assert from 'node:assert/strict';
import type { Tensor } from '../../../src/checkpoint/index.js';
import { tensorTree, type TensorTreeNode } from '../../../src/extension/checkpoints/tensorTree.js';

function tensor(name: string): Tensor {
  return { name, dtype: 'F32', shape: [1], elementCount: 1, shard: 0, start: 0, byteLength: 4 };
}

/** Labels as the tree shows them; those of children in an array behind their group's. */
function labels(nodes: readonly TensorTreeNode[]): unknown[] {
  return nodes.flatMap((node) => (node.kind === 'tensor' ? [node.label] : [node.label, labels(node.children)]));
}

describe('tree of tensors', () => {
  it('shows what lies outside the layers first, then stacks, layers and parts in natural order', () => {
    const names = [
      'decoder.layers.0.w',
      'encoder.layers.10.mlp.experts.10.w',
      'encoder.layers.10.mlp.experts.9.w',
      'encoder.layers.2.w',
      'norm.weight',
    ];
    assert.deepEqual(labels(tensorTree(names.map(tensor))), [
      'norm.weight',
      'decoder.layers 0',
      ['w'],
      'encoder.layers 2',
      ['w'],
      'encoder.layers 10',
      ['mlp', ['experts.9.w', 'experts.10.w']],
    ]);
  });
});
