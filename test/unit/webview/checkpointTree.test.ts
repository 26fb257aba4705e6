import assert from 'node:assert/strict';
import { hugeCheckpoint, realisticCheckpoint } from '../../webview/harness/checkpointFixtures.js';
import { groupKeys, makeCheckpointTree, parentRow, type TreeRow, visibleTreeRows } from '../../../src/webview/model/checkpointTree.js';
import { leastBelow, milliseconds } from '../../support/stopwatch.js';

const labelOf = (row: TreeRow | undefined): string => (row?.kind === 'group' ? row.group.label : (row?.label ?? ''));

describe('checkpoint tree', () => {
  const { tensors } = realisticCheckpoint();
  const tree = makeCheckpointTree(tensors);

  it('has layers and outside tensors at the top, in natural order', () => {
    const labels = visibleTreeRows(tree, new Set(), null).map(labelOf);
    assert.deepEqual(labels.slice(0, 4), ['lm_head.weight', 'model.embed_tokens.weight', 'model.layers.0', 'model.layers.1']);
    assert.deepEqual(labels.slice(-3), ['model.layers.20', 'model.layers.21', 'model.norm.weight']);
  });

  it('sums up its groups', () => {
    const layer = tree[2];
    assert.ok(layer?.kind === 'group');
    const { tensorCount, elementCount, byteLength, dtypes } = layer.group;
    // 4 attention weights and biases, 3 MLP weights, 2 norms of a 1.1B Llama.
    const attention = 2 * 2048 * 2048 + 2 * 256 * 2048 + 2 * 2048 + 2 * 256;
    const mlp = 3 * 5632 * 2048;
    assert.deepEqual([tensorCount, elementCount, dtypes], [13, attention + mlp + 2 * 2048, 'F32, BF16']);
    assert.equal(byteLength, 2 * (attention + mlp) + 4 * 2 * 2048);
  });

  it('shows a tensor that is alone in its module without a group around it', () => {
    const rows = visibleTreeRows(tree, new Set(groupKeys(tree)), null);
    assert.equal(rows.length, 289 + 22 + 22 * 4);
    assert.deepEqual(
      rows.slice(3, 9).map((row) => [labelOf(row), row.level]),
      [
        ['input_layernorm.weight', 2],
        ['mlp.down_proj.weight', 2],
        ['mlp.gate_proj.weight', 2],
        ['mlp.up_proj.weight', 2],
        ['post_attention_layernorm.weight', 2],
        ['self_attn.k_proj', 2],
      ],
    );
    assert.equal(parentRow(rows, 9), 8);
    assert.equal(parentRow(rows, 8), 2);
    assert.equal(parentRow(rows, 2), null);
  });

  it('shows matches with their groups while filtering, and no empty groups', () => {
    const matches = (tensor: number): boolean => tensors.names[tensor] === 'model.layers.3.self_attn.q_proj.bias';
    const rows = visibleTreeRows(tree, new Set(), matches);
    assert.deepEqual(rows.map(labelOf), ['model.layers.3', 'self_attn.q_proj', 'bias']);
    assert.deepEqual(
      visibleTreeRows(tree, new Set(), () => false),
      [],
    );
  });

  it('is made of 100,000 tensors in less than half a second', async () => {
    const huge = hugeCheckpoint().tensors;
    const make = () => assert.equal(visibleTreeRows(makeCheckpointTree(huge), new Set(), null).length, 84);
    assert.ok((await leastBelow(500, () => milliseconds(make))) < 500);
  });
});
