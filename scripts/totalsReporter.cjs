/** Mocha's dot reporter, which also writes the totals to the file named by MODEL_REBASE_TOTALS for scripts/test.mjs. */
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const Mocha = require('mocha');

class TotalsReporter extends Mocha.reporters.Dot {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const file = process.env.MODEL_REBASE_TOTALS;
      if (!file) return;
      const { passes, failures, pending } = runner.stats;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
}

module.exports = TotalsReporter;
