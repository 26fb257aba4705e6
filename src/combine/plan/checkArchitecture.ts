import type { Finding } from '../../checkpoint/index.js';
import { parsePythonJson } from '../../base/json/pythonJson.js';
import type { JsonObject } from '../../base/json/readJson.js';
import { compareSettings, formatSides, groupOf, readSettings, type SettingDifference } from '../../model/settings/index.js';
import type { OpenInput } from './openInputs.js';

/** At most so many differences are listed in a sentence. */
const maxListed = 6;

/** Where an input is of another architecture than the template: reasons to refuse, which no option lifts. */
export function architectureRefusals(template: OpenInput, inputs: readonly OpenInput[]): Finding[] {
  return inputs.flatMap((input) => {
    const [own, other] = [typeOf(template), typeOf(input)];
    if (own === null || other === null || own === other) return [];
    const message = `${input.role} is of another architecture than ${template.role}: ${other} instead of ${own}. Weights of one name and shape may then mean different things. Choose versions of one architecture; if they are, correct model_type in the config.json that names another.`;
    return [{ severity: 'error', code: 'architecture-differs', message }];
  });
}

/** What the tensors of a model's parts are called, by the name of the part's settings. */
const tensorsOfPart: Readonly<Record<string, RegExp>> = { vision_config: /(?:^|[._])vis(?:ion|ual)/, audio_config: /(?:^|[._])audio/ };

/**
 * Where settings differ that say what the weights mean although no shape shows it, such as the number of heads: values of
 * the same place are then of different things, whatever fits. Nothing lifts these refusals, but that no tensor of a part
 * is combined, such as the image encoder's.
 *
 * @param combined names of the tensors that are combined
 */
export function meaningRefusals(template: OpenInput, inputs: readonly OpenInput[], combined: readonly string[]): Finding[] {
  const isCombined = ({ name }: SettingDifference): boolean => {
    const tensors = tensorsOfPart[name.split('.')[0]!];
    return tensors === undefined || combined.some((tensor) => tensors.test(tensor));
  };
  return inputs.flatMap((input) => {
    const differences = compareSettings(template.checkpoint.settings, input.checkpoint.settings).filter(
      (difference) => difference.effect === 'weights' && isComparable(difference, template, input) && isCombined(difference),
    );
    if (differences.length === 0) return [];
    const message = `The weights of ${input.role} do not mean what those of ${template.role} mean: ${listDifferences(differences)}. Choose versions that agree on this, or correct the config.json that is wrong.`;
    return [{ severity: 'error', code: 'weights-mean-otherwise', message, file: input.folder }];
  });
}

/**
 * Where inputs have other settings than the output, or cannot be compared.
 * @param output its `config.json`, and the groups of settings that other findings name
 */
export function configFindings(
  inputs: readonly OpenInput[],
  output: { readonly text: string; readonly named: readonly string[] },
): Finding[] {
  const settings = readSettings(parsePythonJson(output.text) as JsonObject);
  const isNews = ({ name, effect }: SettingDifference): boolean =>
    (effect === 'forward' || effect === 'unknown') && !output.named.includes(groupOf(name));
  return inputs.flatMap((input) => {
    if (input.config === null) return [missingConfig(input)];
    const differences = compareSettings(settings, input.checkpoint.settings).filter(isNews);
    if (differences.length === 0) return [];
    const message = `${input.role} was made with other settings than the output has: ${listDifferences(differences)}.`;
    return [{ severity: 'info', code: 'config-differs', message }];
  });
}

function missingConfig({ role, folder }: OpenInput): Finding {
  const message = `${role} has no config.json: that it is of the same architecture shows in its tensors alone.`;
  return { severity: 'info', code: 'config-unreadable', message, file: folder };
}

/** Types are compared elsewhere; across types, and where the library knows no defaults, only what both sides state. */
function isComparable({ name, a, b }: SettingDifference, template: OpenInput, input: OpenInput): boolean {
  if (name === 'model_type') return false;
  return (a !== null && b !== null) || (typeOf(template) === typeOf(input) && isKnown(template));
}

function isKnown({ checkpoint }: OpenInput): boolean {
  return checkpoint.settings?.isKnownType === true;
}

/** `rope_theta 10000 instead of 500000, sliding_window not set instead of 4096`, from what `template` has. */
export function listDifferences(differences: readonly SettingDifference[]): string {
  const listed = differences.slice(0, maxListed).map((difference) => {
    const { a, b } = formatSides(difference);
    return `${difference.name} ${b} instead of ${a}`;
  });
  const rest = differences.length - listed.length;
  return `${listed.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function typeOf({ checkpoint }: OpenInput): string | null {
  return checkpoint.settings?.textModelType ?? null;
}
