import assert from 'node:assert/strict';
import { applyDelta, diffVector, interpolation } from '../../../src/combine/combination.js';
import type { TensorToWrite } from '../../support/safetensorsFile.js';
import { codes, ModelBench, planned, plannedFile, tensor } from './support/models.js';
import { inOrder, tokenizerJson } from '../../support/tokenizerJson.js';

/** An embedding, an output head and one more tensor. */
function weights(rows: number): TensorToWrite[] {
  return [
    tensor('model.embed_tokens.weight', [rows, 4]),
    tensor('model.layers.0.mlp.up_proj.weight', [4, 4]),
    tensor('lm_head.weight', [rows, 4]),
  ];
}

const words = inOrder('a', 'b', 'c');

describe('plan for vocabularies that differ', () => {
  const bench = new ModelBench();

  async function write(
    name: string,
    rows: number,
    tokenizer: string | null,
    more: Readonly<Record<string, object | string>> = {},
  ): Promise<void> {
    const files = {
      'config.json': { model_type: 'tiny', vocab_size: rows },
      ...(tokenizer === null ? {} : { 'tokenizer.json': tokenizer }),
      ...more,
    };
    await bench.write(name, { shards: [weights(rows)], files });
  }

  it('adds the tokens that only the fine-tuned version has, and takes its tokenizer where that is the result', async () => {
    await write('t', 3, tokenizerJson(words));
    await write('f', 5, tokenizerJson(words, { '<x>': 3, '<y>': 4 }), { 'tokenizer_config.json': { chat_template: 'x' } });
    await write('b', 3, tokenizerJson(words));
    const plan = await bench.plan();
    const runs = [
      { count: 3, sources: [0, 0, 0], copied: false },
      { count: 2, sources: [null, 3, null], copied: true },
    ];
    for (const name of ['model.embed_tokens.weight', 'lm_head.weight']) {
      const { action, shape, rows, reason, byteLength } = planned(plan, name);
      assert.deepEqual(
        { action, shape, rows, reason, byteLength },
        { action: 'grown', shape: [5, 4], rows: runs, reason: 'rows by token', byteLength: 40 },
      );
    }
    const { rule, shared, addedFromFinetuned, addedTokens, rowCount, templateRowCount } = plan.vocabulary!;
    assert.deepEqual(
      { rule, shared, addedFromFinetuned, addedTokens, rowCount, templateRowCount },
      { rule: 'tokens', shared: 3, addedFromFinetuned: 2, addedTokens: ['<x>', '<y>'], rowCount: 5, templateRowCount: 3 },
    );
    assert.equal(plannedFile(plan, 'tokenizer.json').from, 'finetuned');
    assert.equal(plannedFile(plan, 'tokenizer_config.json').reason, 'tokenizer of finetuned: the vocabulary is its own');
    assert.equal(plannedFile(plan, 'config.json').content, '{"model_type":"tiny","vocab_size":5}');
    assert.equal(plan.readByteLength, 2 * (3 * 3 + 2) * 8 + 3 * 32);
    assert.deepEqual([plan.findings, plan.refusals], [[], []]);
  });

  it('writes a merged tokenizer where the target has tokens of its own, and translates ids', async () => {
    await write('t', 4, tokenizerJson(words, { '<t>': 3 }), {
      'tokenizer_config.json': { eos_token: 'a', added_tokens_decoder: { 3: { content: '<t>' } } },
      'generation_config.json': { eos_token_id: 0 },
    });
    await write('f', 4, tokenizerJson(words, { '<x>': 3 }), {
      'tokenizer_config.json': { chat_template: '{{ eos_token }}', eos_token: '<x>' },
      'generation_config.json': { eos_token_id: [3, 0], top_p: 0.9 },
    });
    await write('b', 3, tokenizerJson(words));
    const plan = await bench.plan();
    assert.deepEqual(planned(plan, 'lm_head.weight').rows, [
      { count: 3, sources: [0, 0, 0], copied: false },
      { count: 1, sources: [3, null, null], copied: true },
      { count: 1, sources: [null, 3, null], copied: true },
    ]);
    const tokenizer = JSON.parse(plannedFile(plan, 'tokenizer.json').content!) as {
      added_tokens: { id: number; content: string; special: boolean }[];
    };
    assert.deepEqual(
      tokenizer.added_tokens.map(({ id, content, special }) => [id, content, special]),
      [
        [3, '<t>', true],
        [4, '<x>', true],
      ],
    );
    const config = JSON.parse(plannedFile(plan, 'tokenizer_config.json').content!) as Record<string, unknown>;
    assert.deepEqual([config['eos_token'], config['chat_template']], ['<x>', '{{ eos_token }}']);
    assert.deepEqual(Object.keys(config['added_tokens_decoder'] as object), ['3', '4']);
    assert.deepEqual(JSON.parse(plannedFile(plan, 'generation_config.json').content!), { eos_token_id: [4, 0], top_p: 0.9 });
    assert.deepEqual([plan.vocabulary?.onlyTargetTokens, plan.vocabulary?.addedTokens], [['<t>'], ['<x>']]);
  });

  it('keeps padding rows and the number of rows while added tokens fit into them', async () => {
    await write('t', 8, tokenizerJson(words));
    await write('f', 4, tokenizerJson(words, { '<x>': 3 }));
    await write('b', 3, tokenizerJson(words));
    const plan = await bench.plan();
    const { action, shape, rows } = planned(plan, 'model.embed_tokens.weight');
    assert.deepEqual([action, shape, rows?.map(({ count }) => count)], ['combined', [8, 4], [3, 1, 4]]);
    assert.equal(plan.vocabulary?.padding, 4);
    assert.equal(plannedFile(plan, 'config.json').content, null);
  });

  it('matches by index where a tokenizer is missing, pads with zeros, and says so', async () => {
    await write('t', 3, tokenizerJson(words));
    await write('f', 5, tokenizerJson(words, { '<x>': 3 }));
    await write('b', 3, null);
    const plan = await bench.plan();
    assert.deepEqual(planned(plan, 'lm_head.weight').rows, [
      { count: 3, sources: [0, 0, 0], copied: false },
      { count: 2, sources: [null, 3, null], copied: false },
    ]);
    assert.equal(
      plan.vocabulary?.reason,
      "Rows are matched by index, because base has no tokenizer. 2 rows beyond the target's are added to zeros.",
    );
    assert.equal(plannedFile(plan, 'tokenizer.json').from, 'finetuned');
  });

  it('matches by index on request, and warns of rows that stand for different tokens', async () => {
    await write('t', 3, tokenizerJson({ a: 0, b: 1, c: 2 }));
    await write('f', 3, tokenizerJson({ a: 0, b: 2, c: 1 }));
    await write('b', 3, tokenizerJson({ a: 0, b: 2, c: 1 }));
    const plan = await bench.plan({ vocabulary: 'rows' });
    assert.equal(planned(plan, 'lm_head.weight').rows, null);
    assert.deepEqual(codes(plan.findings), ['rows-of-other-tokens', 'rows-of-other-tokens']);
    assert.match(plan.findings[0]!.message, /2 rows of target and finetuned .* "b", "c"/);
    const byToken = await bench.plan();
    assert.deepEqual(planned(byToken, 'lm_head.weight').rows, [
      { count: 1, sources: [0, 0, 0], copied: false },
      { count: 1, sources: [1, 2, 2], copied: false },
      { count: 1, sources: [2, 1, 1], copied: false },
    ]);
    assert.equal(plannedFile(byToken, 'tokenizer.json').from, 'target');
  });

  it('leaves the vocabulary alone with scale 0 or when its tensors are excluded', async () => {
    await write('t', 3, tokenizerJson(words));
    await write('f', 4, tokenizerJson(words, { '<x>': 3 }));
    await write('b', 3, tokenizerJson(words));
    for (const given of [{ scales: [{ pattern: null, scale: 0 }] }, { exclude: ['*embed_tokens*', 'lm_head.*'] }]) {
      const plan = await bench.plan(given);
      assert.deepEqual(planned(plan, 'lm_head.weight').shape, [3, 4]);
      assert.equal(planned(plan, 'lm_head.weight').action, 'copied');
      assert.equal(plan.vocabulary, null);
      assert.equal(plannedFile(plan, 'tokenizer.json').from, 'target');
      assert.deepEqual(plan.refusals, []);
    }
  });

  it('gives an excluded embedding the rows of added tokens when the head gets them', async () => {
    await write('t', 3, tokenizerJson(words));
    await write('f', 4, tokenizerJson(words, { '<x>': 3 }));
    await write('b', 3, tokenizerJson(words));
    const plan = await bench.plan({ exclude: ['*embed_tokens*'] });
    const { action, rows, reason, sources } = planned(plan, 'model.embed_tokens.weight');
    assert.equal(action, 'grown');
    assert.deepEqual(rows, [
      { count: 3, sources: [0, null, null], copied: true },
      { count: 1, sources: [null, 3, null], copied: true },
    ]);
    assert.equal(reason, 'excluded by *embed_tokens*; only the rows of added tokens are new');
    assert.deepEqual(
      sources.map((source) => source !== null),
      [true, true, false],
    );
  });

  it('says which tokens have no difference and which are left out', async () => {
    await write('t', 3, tokenizerJson(inOrder('a', 'new', 'pad')));
    await write('f', 3, tokenizerJson(inOrder('a', 'old', 'pad')));
    await write('b', 2, tokenizerJson(inOrder('a', 'old')));
    const plan = await bench.plan();
    assert.deepEqual(codes(plan.findings), ['tokens-without-difference', 'tokens-left-out', 'tokenizers-differ']);
    assert.deepEqual(
      [plan.vocabulary?.withoutDifferenceTokens, plan.vocabulary?.leftOutTokens, plan.vocabulary?.onlyTargetTokens],
      [['pad'], ['old'], ['new']],
    );
  });

  it('names added tokens in the vocabulary where ids have gaps, which the tokenizers library would fill', async () => {
    await write('t', 6, tokenizerJson({ a: 0, b: 1, c: 5 }));
    await write('f', 4, tokenizerJson(words, { '<x>': 3 }));
    await write('b', 3, tokenizerJson(words));
    const plan = await bench.plan();
    const tokenizer = JSON.parse(plannedFile(plan, 'tokenizer.json').content!) as {
      added_tokens: { id: number; content: string }[];
      model: { vocab: Record<string, number> };
    };
    assert.deepEqual(tokenizer.model.vocab, { a: 0, b: 1, c: 5, '<x>': 6 });
    assert.deepEqual(
      tokenizer.added_tokens.map(({ id, content }) => [id, content]),
      [[6, '<x>']],
    );
    assert.deepEqual(plan.findings, []);
  });

  it('matches an interpolation by token as well', async () => {
    await write('t', 4, tokenizerJson(words, { '<t>': 3 }));
    await write('f', 4, tokenizerJson(words, { '<x>': 3 }));
    const inputs = bench
      .request()
      .inputs.slice(0, 2)
      .map((input) => ({ ...input }));
    const plan = await bench.plan({ inputs, combination: interpolation('target', 'finetuned', 0.5) });
    assert.deepEqual(planned(plan, 'lm_head.weight').rows, [
      { count: 3, sources: [0, 0], copied: false },
      { count: 1, sources: [3, null], copied: true },
      { count: 1, sources: [null, 3], copied: true },
    ]);
  });

  it('marks the rows of a diff vector that are whole, so that it can be applied by token', async () => {
    await write('f', 5, tokenizerJson(words, { '<x>': 3 }));
    await write('b', 3, tokenizerJson(words));
    const plan = await bench.plan({ combination: diffVector('finetuned', 'base') });
    assert.deepEqual(planned(plan, 'lm_head.weight').rows, [
      { count: 3, sources: [0, 0], copied: false },
      { count: 1, sources: [3, null], copied: true },
      { count: 1, sources: [null, null], copied: false },
    ]);
    const header = Buffer.from(plan.shards[0]!.header.subarray(8)).toString();
    const metadata = (JSON.parse(header) as { __metadata__: Record<string, string> }).__metadata__;
    assert.deepEqual(JSON.parse(metadata['model-rebase.whole-rows']!), {
      'lm_head.weight': [[3, 1]],
      'model.embed_tokens.weight': [[3, 1]],
    });
  });

  it('applies a diff vector by token: whole rows are added, others combined', async () => {
    await write('t', 5, tokenizerJson({ a: 1, b: 0, c: 2 }, { '<t>': 3 }));
    const metadata = {
      format: 'pt',
      'model-rebase.kind': 'diff-vector',
      'model-rebase.formula': 'finetuned − base',
      'model-rebase.whole-rows': '{"lm_head.weight":[[3,1]],"model.embed_tokens.weight":[[3,1]]}',
    };
    await bench.write('d', {
      shards: [weights(4)],
      metadata,
      files: { 'tokenizer.json': tokenizerJson(words, { '<x>': 3 }), 'config.json': { model_type: 'tiny' } },
    });
    const inputs = [
      { role: 'target', path: bench.path('t'), expect: 'checkpoint' as const },
      { role: 'delta', path: bench.path('d'), expect: 'diff-vector' as const },
    ];
    const plan = await bench.plan({ inputs, combination: applyDelta('target', 'delta', 0.5) });
    assert.deepEqual(planned(plan, 'lm_head.weight').rows, [
      { count: 1, sources: [0, 1], copied: false },
      { count: 1, sources: [1, 0], copied: false },
      { count: 1, sources: [2, 2], copied: false },
      { count: 1, sources: [3, null], copied: true },
      { count: 1, sources: [null, 3], copied: true },
    ]);
    assert.deepEqual([plan.vocabulary?.addedTokens, plan.refusals], [['<x>'], []]);
    assert.deepEqual(
      (JSON.parse(plannedFile(plan, 'tokenizer.json').content!) as { added_tokens: { content: string }[] }).added_tokens.map(
        ({ content }) => content,
      ),
      ['<t>', '<x>'],
    );
  });
});

describe('plan for tied embeddings', () => {
  const bench = new ModelBench();
  const body = [tensor('model.embed_tokens.weight', [3, 4]), tensor('model.norm.weight', [4])];
  const head = tensor('lm_head.weight', [3, 4]);

  async function write(name: string, isTied: boolean): Promise<void> {
    await bench.write(name, {
      shards: [isTied ? body : [...body, head]],
      files: { 'config.json': { model_type: 'tiny', tie_word_embeddings: isTied } },
    });
  }

  it('lets the embedding of a version that ties stand for the head it does not store', async () => {
    await write('t', false);
    await write('f', true);
    await write('b', true);
    const plan = await bench.plan();
    const { sources, reason, action } = planned(plan, 'lm_head.weight');
    assert.deepEqual(
      sources.map((source) => source?.name),
      ['lm_head.weight', 'model.embed_tokens.weight', 'model.embed_tokens.weight'],
    );
    assert.equal(reason, 'finetuned ties it to model.embed_tokens.weight; base ties it to model.embed_tokens.weight');
    assert.equal(action, 'combined');
    assert.deepEqual([codes(plan.findings), plan.refusals], [['tied-source'], []]);
  });

  it('stays tied as the target is, and says that a head is not carried over', async () => {
    await write('t', true);
    await write('f', false);
    await write('b', true);
    const plan = await bench.plan();
    assert.deepEqual(
      plan.tensors.map(({ name }) => name),
      ['model.embed_tokens.weight', 'model.norm.weight'],
    );
    assert.deepEqual([codes(plan.findings), plan.refusals], [['tied-target'], []]);
  });

  it('combines the one tensor of three tied versions once', async () => {
    for (const name of ['t', 'f', 'b']) await write(name, true);
    const plan = await bench.plan();
    assert.equal(plan.tensors.length, 2);
    assert.deepEqual([plan.findings, plan.refusals], [[], []]);
  });
});
