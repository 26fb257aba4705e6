import { formatBytes } from '../base/format.js';
import { markdownCode } from '../base/markdown.js';
import { addressHelp } from './addresses.js';
import { defineTool, type AgentContext } from './agentTool.js';
import { combineRequest, describeVocabulary, groupTensors, lostShare, parseScaleRule, transfer, type CombinePlan } from './engines.js';

const parameters = {
  finetuned: { kind: 'text', help: `The fine-tuned version: address of ${addressHelp}` },
  base: { kind: 'text', help: 'What it was fine-tuned from, likewise.' },
  target: { kind: 'text', help: 'The base model that gets the fine-tuning, likewise.' },
  out: { kind: 'text', help: 'Folder of the output. It must not exist yet.' },
  scales: { kind: 'texts', isOptional: true, help: 'λ, for all tensors ("0.8") or by name ("PATTERN=0.5"). 1 where nothing is said.' },
  exclude: { kind: 'texts', isOptional: true, help: "Patterns of tensors that stay the target's." },
} as const;

type Wanted = { readonly [Name in 'finetuned' | 'base' | 'target' | 'out']: string } & {
  readonly scales: readonly string[];
  readonly exclude: readonly string[];
};

function planOf({ finetuned, base, target, out, scales, exclude }: Wanted, context: AgentContext): Promise<CombinePlan> {
  const input = (role: string, path: string) => ({ role, path: context.resolve(path), expect: 'checkpoint' as const });
  const request = combineRequest({
    combination: transfer('target', 'finetuned', 'base'),
    inputs: [input('target', target), input('finetuned', finetuned), input('base', base)],
    output: context.resolve(out),
    scales: scales.map(parseScaleRule),
    exclude,
  });
  return context.request('combine/plan', request);
}

export const planTransferTool = defineTool({
  name: 'plan_transfer',
  title: 'Plan Transfer',
  description:
    'Plans to carry a fine-tune to another base model, target + λ·(finetuned − base), and writes nothing: what happens to tensors and vocabulary, what it costs, and every reason why it cannot be done, with what to do about it.',
  parameters,
  run: async (values, context) => describePlan(await planOf(values, context)),
});

export const writeTransferTool = defineTool({
  name: 'write_transfer',
  title: 'Write Transfer',
  description:
    'WRITES a new checkpoint folder: carries a fine-tune to another base model, target + λ·(finetuned − base), exactly and without training. The user is asked first. Replaces nothing that exists. Call plan_transfer before.',
  parameters,
  async question(values, context) {
    const plan = await planOf(values, context);
    refuse(plan);
    return `Write ${formatBytes(plan.writeByteLength)} to ${markdownCode(plan.output)}: ${markdownCode(plan.formula)}, with ${plan.inputs.map(({ role, path }) => `${role} ${markdownCode(path)}`).join(', ')}?`;
  },
  async run(values, context) {
    const plan = await planOf(values, context);
    refuse(plan);
    const options = { workers: null, sync: true, resume: false, overwrite: false, keepPartial: false, hashInputs: false };
    const { formula, rounding } = await context.request('combine/run', { plan, options });
    return {
      written: plan.output,
      formula,
      bytes: plan.writeByteLength,
      changeLostToRounding: lostShare(rounding.total),
      nonFiniteValues: rounding.total.nonFiniteCount,
      findings: findingsOf(plan),
    };
  },
});

function refuse({ refusals }: CombinePlan): void {
  if (refusals.length > 0) throw new Error(`The transfer is refused: ${refusals.map(({ message }) => message).join(' ')}`);
}

function describePlan(plan: CombinePlan): object {
  return {
    formula: plan.formula,
    output: plan.output,
    canRun: plan.refusals.length === 0,
    refusals: plan.refusals.map(({ message, patterns }) => (patterns?.length ? { message, excludeToLift: patterns } : message)),
    inputs: plan.inputs.map(({ role, path }) => ({ role, path })),
    tensors: groupTensors(plan).map(({ action, reason, names }) => ({ action, reason, count: names.length, first: names.slice(0, 5) })),
    vocabulary: plan.vocabulary === null ? null : describeVocabulary(plan.vocabulary),
    readBytes: plan.readByteLength,
    writeBytes: plan.writeByteLength,
    memoryBytes: plan.peakMemory,
    findings: findingsOf(plan),
  };
}

function findingsOf({ findings }: CombinePlan): string[] {
  return findings.map(({ severity, message }) => `${severity}: ${message}`);
}
