import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { messageOf } from '../../base/errors.js';
import { writing } from '../../base/fileAccess.js';
import { toJson } from '../../base/json/toJson.js';
import { formatCosine, formatNumber, plural } from '../../base/format.js';
import { verdictOf } from '../../compare/report/index.js';
import { checkRules, type Rule } from '../../compare/rules/index.js';
import { changedModels, type ChangedModel } from '../changed/changedModels.js';
import { GitBase } from '../changed/gitBase.js';
import { changesToMarkdown, type ModelResult } from '../changed/summary.js';
import type { Command, CommandSpec } from '../command.js';
import { gravest } from '../diffParts.js';
import { exitCodeOfRules, failIfNotes, failIfOption, readRules, rulesText } from '../failIf.js';
import type { ExitCode, Io } from '../io.js';
import { runJob } from '../runJob.js';
import { textTable } from '../textTable.js';

const spec: CommandSpec = {
  name: 'changed',
  positionals: ['COMMIT'],
  summary: 'Compare every model whose weights differ between a commit of git and the working tree, as a pull request is checked.',
  notes: `Git LFS is asked for weights that it keeps. Models that only one side has are named, and no rule speaks of them.\n\n${failIfNotes}`,
  options: {
    path: { type: 'string', value: 'PATH', multiple: true, help: 'Look only at this folder or file. Repeatable.' },
    'fail-if': failIfOption,
    summary: { type: 'string', value: 'FILE', help: 'Append a summary in Markdown to this file, for example "$GITHUB_STEP_SUMMARY".' },
    json: { type: 'boolean', help: 'Print the reports as JSON.' },
  },
};

export const changedCommand: Command = {
  spec,
  async run(options, io) {
    const rules = readRules(options.values('fail-if'));
    const summary = options.value('summary');
    const scratch = await mkdtemp(join(tmpdir(), 'model-rebase-changed-'));
    try {
      const base = await GitBase.open(options.positionals[0]!, scratch, io.signal);
      const models = await changedModels(await base.changedWeights(options.values('path')), base, io);
      const results: ModelResult[] = [];
      for (const model of models) results.push(await compareModel(model, base.commit, rules, io));
      io.stdout(options.flag('json') ? `${toJson({ commit: base.commit, models: results })}\n` : describe(results, base.commit, io));
      if (summary !== null) await writing(resolve(summary), appendFile(summary, changesToMarkdown(results, base.commit)));
      return exitCodeOf(results, rules);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
};

async function compareModel({ name, a, b }: ChangedModel, commit: string, rules: readonly Rule[], io: Io): Promise<ModelResult> {
  if (a === null || b === null) return { name, kind: a === null ? 'added' : 'removed' };
  try {
    const found = await runJob('diff/run', { a, b, options: { engine: 'auto', workers: null, prefixMap: null } }, io);
    const report = { ...found, a: { ...found.a, path: `${commit.slice(0, 12)}:${name}` }, b: { ...found.b, path: name } };
    return { name, kind: 'compared', report, rules: checkRules(rules, report) };
  } catch (error) {
    io.signal.throwIfAborted();
    return { name, kind: 'failed', message: messageOf(error) };
  }
}

function describe(results: readonly ModelResult[], commit: string, io: Io): string {
  const title = `${plural(results.length, 'model')} changed since ${commit.slice(0, 12)}\n`;
  if (results.length === 0) return title;
  const rows = results.map((result) => {
    if (result.kind !== 'compared') return [result.name, result.kind === 'added' ? 'new' : result.kind, '', ''];
    const { summary } = result.report;
    return [result.name, verdictOf(result.report), formatNumber(summary.relativeChange), formatCosine(summary.cosine)];
  });
  const columns = [
    { title: 'model', align: 'left', flexible: true },
    { title: 'result', align: 'left' },
    { title: 'rel. change', align: 'right' },
    { title: 'cosine', align: 'right' },
  ] as const;
  return [`${title}\n`, textTable(columns, rows, io.columns), ...results.map(remarksOf)].join('');
}

function remarksOf(result: ModelResult): string {
  if (result.kind === 'failed') return `\nerror: ${result.name}: ${result.message}\n`;
  return result.kind === 'compared' && result.rules.length > 0 ? `\n${result.name}\n${rulesText(result.rules)}` : '';
}

function exitCodeOf(results: readonly ModelResult[], rules: readonly Rule[]): ExitCode {
  const reports = results.flatMap((result) => (result.kind === 'compared' ? [result.report] : []));
  return gravest([results.some(({ kind }) => kind === 'failed') ? 2 : 0, reports.length === 0 ? 0 : exitCodeOfRules(rules, reports)]);
}
