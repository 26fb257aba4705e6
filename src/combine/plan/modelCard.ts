import { formatScale } from '../formatCombination.js';
import type { CombinePlan } from '../plan.js';

type CardFacts = Pick<CombinePlan, 'kind' | 'formula' | 'inputs' | 'request' | 'vocabulary' | 'template' | 'tensors'>;

/** The `README.md` of the output: what the Hub needs to place it, and what a person needs to know. */
export function modelCard(plan: CardFacts): string {
  const isModel = plan.kind === 'model';
  const names = [...new Set(plan.inputs.map(({ name }) => name))];
  const front = [
    '---',
    'base_model:',
    ...names.map((name) => `- ${JSON.stringify(name)}`),
    ...(isModel ? ['base_model_relation: merge', 'library_name: transformers'] : []),
    'tags:',
    ...(isModel ? ['- merge'] : ['- diff-vector']),
    '- model-rebase',
    '---',
  ];
  const title = isModel ? 'Made by combining model versions' : 'Difference of two model versions';
  return [...front, '', `# ${title}`, '', '```', plan.formula, '```', '', ...inputTable(plan), '', ...facts(plan), ''].join('\n');
}

function inputTable({ inputs }: CardFacts): string[] {
  return ['| in the formula | model |', '|---|---|', ...inputs.map(({ role, name }) => `| ${cell(role)} | ${cell(name)} |`)];
}

function facts({ kind, request, vocabulary, tensors }: CardFacts): string[] {
  const scales = request.scales.map(
    ({ pattern, scale }) => `- Scale ${formatScale(scale)} for ${pattern === null ? 'all tensors' : `\`${pattern}\``}.`,
  );
  const excluded = tensors.filter(({ action }) => action === 'copied' || action === 'skipped').length;
  const patterns = [
    ...request.include.map((pattern) => `- Only tensors named \`${pattern}\` take part.`),
    ...request.exclude.map((pattern) => `- Tensors named \`${pattern}\` do not take part.`),
  ];
  const kept = excluded > 0 ? [`- ${excluded} of ${tensors.length} tensors are the target's.`] : [];
  const added =
    vocabulary !== null && vocabulary.addedFromFinetuned > 0
      ? [`- ${vocabulary.addedFromFinetuned} rows of the vocabulary are added.`]
      : [];
  const use = kind === 'model' ? [] : ['', 'This is no model to run: add it to a model version with `model-rebase transfer --delta`.'];
  return [
    ...scales,
    ...patterns,
    ...kept,
    ...added,
    '- `model-rebase.json` names every input and every output with its hashes; `model-rebase verify` checks them.',
    ...use,
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
