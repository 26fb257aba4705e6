import assert from 'node:assert/strict';
import { byLostShare, describePlan, describeRounding, inLayerOrder, planToMarkdown } from '../../../src/combine/index.js';
import { ModelBench, tensor } from './support/models.js';
import { inOrder, tokenizerJson } from '../../support/tokenizerJson.js';

describe('plan in words', () => {
  const bench = new ModelBench();

  beforeEach(async () => {
    const words = inOrder('a', 'b');
    const weights = (rows: number): ReturnType<typeof tensor>[] => [
      tensor('embed_tokens.weight', [rows, 4]),
      tensor('layers.0.w', [4]),
      tensor('layers.1.w', [4]),
      tensor('layers.2.w', [4]),
      tensor('layers.3.w', [4]),
      tensor('norm|<b>', [4]),
    ];
    const config = { model_type: 'tiny', vocab_size: 2 };
    await bench.write('t', { shards: [weights(2)], files: { 'config.json': config, 'tokenizer.json': tokenizerJson(words) } });
    await bench.write('f', {
      shards: [weights(3)],
      files: { 'config.json': config, 'tokenizer.json': tokenizerJson(words, { '<x>': 2 }) },
    });
    await bench.write('b', {
      shards: [weights(2)],
      files: { 'config.json': { model_type: 'other' }, 'tokenizer.json': tokenizerJson(words) },
    });
  });

  it('names formula, models, tensors with reasons, vocabulary, files, costs and problems', async () => {
    const plan = {
      ...(await bench.plan({ exclude: ['norm*'], scales: [{ pattern: 'layers.0.*', scale: 0.5 }] })),
      freeDisk: 1e9,
      peakMemory: 1e8,
    };
    assert.equal(
      describePlan(plan).replaceAll(bench.folder, '/m'),
      `target + 1.0·(finetuned − base) [0.5 for layers.0.*]

target     /m/t
finetuned  /m/f
base       /m/b
output     /m/out

6 tensors:
  1 combined (scale 0.5): layers.0.w
  3 combined (scale 1.0): layers.1.w, layers.2.w, layers.3.w
  1 grown (scale 1.0, rows by token): embed_tokens.weight
  1 copied (excluded by norm*): norm|<b>

The vocabularies differ, so rows are matched by the token they stand for.
2 rows become 3: 2 rows combined, 1 added.
Added: "<x>".

Files:
  model.safetensors  504 B
  config.json        configuration of target, with vocab_size 3
  tokenizer.json     tokenizer of finetuned: the vocabulary is its own
  README.md          model card

Reads 160 B, writes 504 B (1.00 GB free), needs about 100 MB of memory.

refused: base is of another architecture than target: other instead of tiny. Weights of one name and shape may then mean different things. Choose versions of one architecture; if they are, correct model_type in the config.json that names another.
`,
    );
  });

  it('is a page of Markdown in which names of strangers do nothing', async () => {
    const page = planToMarkdown({ ...(await bench.plan({ exclude: ['norm*'] })), freeDisk: 1e9, peakMemory: 1e8 }).replaceAll(
      bench.folder,
      '/m',
    );
    const lines = [
      '# Plan of a combination',
      '`target + 1.0·(finetuned − base)`',
      '## This cannot run',
      '| target | t | /m/t |',
      '| copied | 1 | excluded by norm\\* | norm\\|\\<b\\> |',
      '- Added: "\\<x\\>".',
      'Reads 160 B · writes 504 B · 1.00 GB free on the disk · about 100 MB of memory.',
      '| config.json | configuration of target, with vocab\\_size 3 |',
    ];
    for (const line of lines) assert.ok(page.split('\n').includes(line), `${line}\n${page}`);
  });
});

const counts = { changedCount: 1, unmovedCount: 0, nonFiniteCount: 0, overflowCount: 0 };

describe('rounding in words', () => {
  const layers = [
    ['layer 0', 3, 10],
    ['layer 10', 2, 4],
    ['layer 2', 1, 2],
    ['outside layers', 0, 0],
    ['layer 1', 0, 5],
  ].map(([layer, normLost, normDelta]) => ({ layer: String(layer), normLost: Number(normLost), normDelta: Number(normDelta), ...counts }));

  it('has layers in their order, or by the share that each lost', () => {
    const names = (of: typeof layers): string[] => of.map(({ layer }) => layer);
    assert.deepEqual(names(inLayerOrder(layers)), ['outside layers', 'layer 0', 'layer 1', 'layer 2', 'layer 10']);
    assert.deepEqual(names(byLostShare(layers)), ['layer 2', 'layer 10', 'layer 0']);
  });

  it('says what was lost and what did not move', () => {
    const finite = { nonFiniteCount: 0, overflowCount: 0 };
    assert.equal(describeRounding({ changedCount: 0, unmovedCount: 0, normLost: 0, normDelta: 0, ...finite }), 'No weight was to change.');
    assert.equal(
      describeRounding({ changedCount: 2000, unmovedCount: 0, normLost: 0, normDelta: 2, ...finite }),
      '0% of the change was lost to rounding; every weight that was to change moved.',
    );
    assert.equal(
      describeRounding({ changedCount: 2000, unmovedCount: 1500, normLost: 1, normDelta: 2, ...finite }),
      '50.0% of the change was lost to rounding; 1,500 of 2,000 weights that were to change did not move.',
    );
  });
});
