import { type QuickPickItem, ThemeIcon } from 'vscode';
import { formatScale, type OutputDtype, outputDtypes } from '../combineRoom.js';
import type { Draft, TensorChoices } from '../draft.js';
import {
  formatScaleRules,
  nameRulesProblem,
  patternsProblem,
  readNameRules,
  readPatterns,
  readScaleRules,
  scaleRulesProblem,
} from '../tensorChoiceText.js';
import { formatMapRule } from '../../../model/correspondence/index.js';
import { askForText } from '../../kit/inputBox.js';
import { askToPick, type Place } from '../../kit/quickPick.js';
import type { Answer } from '../../kit/steps.js';

/** An item of the overview that changes one of the choices of tensors. */
export interface TensorChoiceItem extends QuickPickItem {
  readonly change: (draft: Draft, place: Place) => Promise<Answer>;
}

function withChoices(draft: Draft, changed: Partial<TensorChoices>): Draft {
  return { ...draft, choices: { ...draft.choices, ...changed } };
}

async function askForScaleRules(draft: Draft, place: Place): Promise<Answer> {
  const answer = await askForText(place, {
    prompt: 'Scales of tensors by name, such as model.layers.{0..11}.*=0.5 lm_head.*=0. The last that fits counts.',
    value: formatScaleRules(draft.choices.scales),
    problemOf: scaleRulesProblem,
  });
  return answer === undefined || answer === 'back' ? answer : withChoices(draft, { scales: readScaleRules(answer.text) });
}

function askForPatterns(field: 'include' | 'exclude', prompt: string): TensorChoiceItem['change'] {
  return async (draft, place) => {
    const value = draft.choices[field].join(' ');
    const answer = await askForText(place, { prompt, value, problemOf: patternsProblem });
    return answer === undefined || answer === 'back' ? answer : withChoices(draft, { [field]: readPatterns(answer.text) });
  };
}

async function askForNameRules(draft: Draft, place: Place): Promise<Answer> {
  const answer = await askForText(place, {
    prompt: 'Names of the other models and what the target calls them, such as layers.*.attention.wq.*=model.layers.$1.self_attn.q_proj.$2',
    value: (draft.choices.nameMap ?? []).map(formatMapRule).join(' '),
    problemOf: nameRulesProblem,
  });
  return answer === undefined || answer === 'back' ? answer : withChoices(draft, { nameMap: readNameRules(answer.text) });
}

/** What a dtype of null means depends on what is made. */
function unchangedDtype({ goal }: Draft): string {
  return goal === 'diff-vector' ? 'F32' : 'as in the target';
}

async function askForDtype(draft: Draft, place: Place): Promise<Answer> {
  const items: readonly (QuickPickItem & { readonly dtype: OutputDtype | null })[] = [
    { dtype: null, label: 'Default', description: unchangedDtype(draft) },
    ...outputDtypes.map((dtype) => ({ dtype, label: dtype })),
  ];
  const active = items.find(({ dtype }) => dtype === draft.choices.dtype);
  const item = await askToPick(place, { placeholder: 'How are the combined tensors stored?', items, active });
  return item === undefined || item === 'back' ? item : withChoices(draft, { dtype: item.dtype });
}

/** Items for what most users leave as it is: scales by name, which tensors take part, how they are stored. A point is written as it was scored. */
export function tensorChoiceItems(draft: Draft): readonly TensorChoiceItem[] {
  const { goal, choices } = draft;
  if (goal === 'point') return [];
  const rules = choices.scales.map(({ pattern, scale }) => `${pattern}: λ = ${formatScale(scale)}`);
  const scales: TensorChoiceItem = {
    label: 'Scales by Tensor',
    description: rules.join(', ') || 'one for all',
    iconPath: new ThemeIcon('list-tree'),
    change: askForScaleRules,
  };
  return [
    ...(goal === 'transfer' ? [scales] : []),
    {
      label: 'Only Tensors',
      description: choices.include.join(', ') || 'all take part',
      iconPath: new ThemeIcon('filter'),
      change: askForPatterns('include', 'Names of the tensors that take part, such as model.layers.*. Empty: all.'),
    },
    {
      label: 'Without Tensors',
      description: choices.exclude.join(', ') || 'none is left out',
      iconPath: new ThemeIcon('exclude'),
      change: askForPatterns('exclude', 'Names of the tensors that take no part, such as *embed_tokens* lm_head.*. Empty: none.'),
    },
    {
      label: 'Name Rules',
      description: (choices.nameMap ?? []).map(formatMapRule).join(', ') || 'names are matched by themselves',
      iconPath: new ThemeIcon('replace-all'),
      change: askForNameRules,
    },
    {
      label: 'Data Type',
      description: choices.dtype ?? unchangedDtype(draft),
      iconPath: new ThemeIcon('symbol-numeric'),
      change: askForDtype,
    },
  ];
}
