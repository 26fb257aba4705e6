import { escapeMarkdown, markdownCode, markdownRow } from '../../base/markdown.js';
import { visibleText } from '../../base/visibleText.js';
import { formatScale } from '../formatCombination.js';
import type { CombinePlan } from '../plan.js';
import { quantiseAgain } from './decoding.js';
import type { OpenInput } from './openInputs.js';

type CardFacts = Pick<CombinePlan, 'kind' | 'formula' | 'inputs' | 'request' | 'vocabulary' | 'template' | 'tensors' | 'decoded'>;

/** The shape of a model's id on the Hub: `organisation/name`. */
const hubId = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;

/** Models on the Hub that the inputs come from, as far as their `config.json` records one. */
function hubIdsOf(inputs: readonly Pick<OpenInput, 'config'>[]): string[] {
  const recorded = inputs.map(({ config }) => config?.['_name_or_path']);
  return [...new Set(recorded.filter((name): name is string => typeof name === 'string' && hubId.test(name)))];
}

/**
 * The `README.md` of the output: what the Hub needs to place it, and what a person needs to know. Names of folders are no
 * ids of the Hub, which would take them for models of others, so they stand in the text alone.
 */
export function modelCard(plan: CardFacts, inputs: readonly Pick<OpenInput, 'config'>[]): string {
  const isModel = plan.kind === 'model';
  const ids = hubIdsOf(inputs);
  const relation = isModel && ids.length > 0 ? ['base_model_relation: merge'] : [];
  const front = [
    '---',
    ...(ids.length > 0 ? ['base_model:', ...ids.map((id) => `- ${id}`)] : []),
    ...relation,
    ...(isModel ? ['library_name: transformers'] : []),
    'tags:',
    ...(isModel ? ['- merge'] : ['- diff-vector']),
    '- model-rebase',
    '---',
  ];
  const title = isModel ? 'Made by combining model versions' : 'Difference of two model versions';
  return [...front, '', `# ${title}`, '', '```', visibleText(plan.formula), '```', '', ...inputTable(plan), '', ...facts(plan), ''].join(
    '\n',
  );
}

function inputTable({ inputs }: CardFacts): string[] {
  return ['| in the formula | model |', '|---|---|', ...inputs.map(({ role, name }) => markdownRow([role, name]))];
}

function facts({ kind, request, vocabulary, tensors, template, decoded }: CardFacts): string[] {
  const scales = request.scales.map(
    ({ pattern, scale }) => `- Scale ${formatScale(scale)} for ${pattern === null ? 'all tensors' : markdownCode(pattern)}.`,
  );
  const excluded = tensors.filter(({ action }) => action === 'copied' || action === 'skipped').length;
  const patterns = [
    ...request.include.map((pattern) => `- Only tensors named ${markdownCode(pattern)} take part.`),
    ...request.exclude.map((pattern) => `- Tensors named ${markdownCode(pattern)} do not take part.`),
  ];
  const kept = excluded > 0 ? [`- ${excluded} of ${tensors.length} tensors are those of ${escapeMarkdown(template)}.`] : [];
  const added =
    vocabulary !== null && vocabulary.addedFromFinetuned > 0
      ? [`- ${vocabulary.addedFromFinetuned} rows of the vocabulary are added.`]
      : [];
  const values =
    decoded === null
      ? []
      : [
          `- ${decoded.count} weights of ${escapeMarkdown(template)} were stored as ${decoded.scheme}; here are their values.${quantiseAgain(decoded.quantisingCommand)}`,
        ];
  const use = kind === 'model' ? [] : ['', 'This is no model to run: add it to a model version with `model-rebase transfer --delta`.'];
  return [
    ...scales,
    ...patterns,
    ...kept,
    ...added,
    ...values,
    '- `model-rebase.json` names every input and every output with its hashes; `model-rebase verify` checks them.',
    ...use,
  ];
}
