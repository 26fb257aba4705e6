import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compareFiles } from './support/compareFiles.js';

/** Made by scripts/goldens/gguf_models.py: models as transformers saves them, and as llama.cpp's converter writes them. */
const models = 'test/goldens/gguf/models';
const families = readdirSync(models).filter((name) => !name.includes('.'));
const quantised = readdirSync(models).filter((name) => name.endsWith('-Q8_0.safetensors'));

describe('a GGUF file and the model it was converted from', () => {
  for (const family of families) {
    it(`${family}: every parameter has its counterpart, and not one value differs`, async () => {
      const report = await compareFiles(join(models, family, `${family}-BF16.gguf`), join(models, family));
      const { normDelta, changedCount, coverage } = report.summary;
      assert.deepEqual([normDelta, changedCount], [0, 0]);
      assert.equal(coverage?.compared, coverage?.parameters);
      assert.deepEqual(
        report.findings.filter(({ severity }) => severity !== 'info'),
        [],
      );
      assert.ok(report.tensors.every(({ status }) => status === 'identical' || status === 'retyped'));
    });
  }

  for (const file of quantised) {
    const family = file.replace('-Q8_0.safetensors', '');
    it(`${family} in Q8_0: the values that the gguf package decodes, in the model's own order`, async () => {
      const report = await compareFiles(join(models, family, `${family}-Q8_0.gguf`), join(models, file));
      assert.deepEqual([report.summary.normDelta, report.summary.changedCount], [0, 0]);
      assert.equal(report.summary.coverage?.compared, report.summary.coverage?.parameters);
      const error = await compareFiles(join(models, family), join(models, family, `${family}-Q8_0.gguf`));
      assert.ok(error.summary.normDelta! > 0 && error.summary.normDelta! < 0.02 * error.summary.normA!);
      assert.ok(error.tensors.some(({ schemeB }) => schemeB === 'GGUF Q8_0'));
    });
  }
});
