import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parsePythonJson } from '../../base/json/pythonJson.js';
import type { JsonObject } from '../../base/json/readJson.js';
import type { Finding } from '../../checkpoint/index.js';
import {
  compareSettings,
  groupOf,
  groupValues,
  readSettings,
  takeGroups,
  type ModelSettings,
  type SettingDifference,
} from '../../model/settings/index.js';
import type { TokenizerVocabulary } from '../../model/vocabulary/index.js';
import type { PlannedTensor } from '../plan.js';
import type { CombineRequest } from '../request.js';
import { listDifferences } from './checkArchitecture.js';
import type { OpenInput } from './openInputs.js';
import type { Roles } from './roles.js';

/** A `config.json` in the making. */
export interface PlannedSettings {
  readonly text: string;
  /** Whose settings went into it, as a clause: `settings of finetuned`. */
  readonly changes: readonly string[];
  /** Groups of settings (`groupOf`) that a finding names. */
  readonly named: readonly string[];
  readonly findings: readonly Finding[];
}

/** A fine-tune and the settings before it. */
export interface FineTune {
  readonly after: OpenInput;
  readonly before: ModelSettings;
  /** What the settings before are called: `base`. */
  readonly beforeRole: string;
  /** The base's; of a saved diff vector its own, in whose rows the base's tokens are. */
  readonly beforeVocabulary: TokenizerVocabulary | null;
}

/** What becomes of a group that the fine-tune changed: the template has it so already, it is taken, or the template's is kept. */
type Fate = 'agreed' | 'taken' | 'kept' | 'conflict';

/** Learned positions have as many rows as the longest context: it is not a setting then, but a shape. */
const learnedPositions = /(?:^|\.)(?:wpe|position_embeddings|embed_positions)\./;

/** What is added with its base, or as a saved diff vector: versions whose settings are part of the difference. */
export function fineTunes(
  { combination }: CombineRequest,
  roles: Roles,
  inputs: readonly OpenInput[],
  tensors: readonly PlannedTensor[],
): FineTune[] {
  const roleNames = inputs.map(({ role }) => role);
  return roles.contributors.flatMap(({ plus, minus }): FineTune[] => {
    const after = inputs[plus]!;
    const step = combination.steps.findIndex(
      (each) => each.plus === roleNames[plus] && each.minus === (minus === null ? null : roleNames[minus]),
    );
    const isUsed = tensors.some(({ action, scales }) => action !== 'copied' && action !== 'skipped' && scales[step] !== 0);
    const before = minus === null ? savedBase(after) : inputs[minus]!.checkpoint.settings;
    if (!isUsed || before === null) return [];
    const base = minus === null ? null : inputs[minus]!;
    return [{ after, before, beforeRole: base?.role ?? after.diffVector?.base ?? '', beforeVocabulary: (base ?? after).vocabulary }];
  });
}

function savedBase({ diffVector }: OpenInput): ModelSettings | null {
  const text = diffVector?.baseConfig ?? null;
  return text === null ? null : readSettings(parsePythonJson(text) as JsonObject);
}

/**
 * The template's `config.json` with what fine-tunes changed in their own bases' settings: that is part of a fine-tune, so
 * that base + (finetuned − base) computes what the fine-tuned version computes. Where the template has a value of its own,
 * that one is kept, unless the request says otherwise.
 */
export async function planSettings(
  request: CombineRequest,
  template: OpenInput,
  tunes: readonly FineTune[],
  original: string,
): Promise<PlannedSettings> {
  let planned: PlannedSettings = { text: original, changes: [], named: [], findings: [] };
  for (const tune of tunes) {
    const text = await tune.after.companions.text(join(tune.after.folder, 'config.json'));
    if (text !== null) planned = takeSettings(request, template, tune, text, planned);
  }
  return planned;
}

function takeSettings(
  request: CombineRequest,
  template: OpenInput,
  tune: FineTune,
  text: string,
  planned: PlannedSettings,
): PlannedSettings {
  const after = tune.after.checkpoint.settings;
  const current = settingsOf(planned.text);
  if (after === null || !isOneType([tune.before, after, current])) return planned;
  const differences = compareSettings(tune.before, after).filter((difference) => isTakeable(difference, request, template));
  const fates = new Map(
    [...new Set(differences.map(({ name }) => groupOf(name)))].map((group) => [group, fateOf(group, tune.before, after, current, request)]),
  );
  const of = (...wanted: Fate[]): SettingDifference[] => differences.filter(({ name }) => wanted.includes(fates.get(groupOf(name))!));
  const taken = [...fates].filter(([, fate]) => fate === 'taken').map(([group]) => group);
  const result = takeGroups(planned.text, text, taken);
  const isTaken = taken.every((group) => isDeepStrictEqual(groupValues(settingsOf(result), group), groupValues(after, group)));
  const findings = [
    ...(isTaken ? takenFinding(of('taken'), tune, template) : notTakenFinding(of('taken'), tune, template)),
    ...keptFinding(of('kept'), tune, template),
    ...conflictFinding(of('conflict'), tune, template),
  ];
  return {
    text: isTaken ? result : planned.text,
    changes: isTaken && taken.length > 0 ? [...planned.changes, `settings of ${tune.after.role}`] : planned.changes,
    named: [...planned.named, ...[...fates].filter(([, fate]) => fate !== 'agreed').map(([group]) => group)],
    findings: [...planned.findings, ...findings],
  };
}

function settingsOf(text: string): ModelSettings {
  return readSettings(parsePythonJson(text) as JsonObject);
}

function isOneType(models: readonly ModelSettings[]): boolean {
  return new Set(models.map(({ textModelType }) => textModelType)).size === 1;
}

/** Sizes show in the tensors, whose the template's are; token ids are translated elsewhere. */
function isTakeable({ name, effect }: SettingDifference, { chatFrom }: CombineRequest, template: OpenInput): boolean {
  if (name === 'max_position_embeddings') return !template.tensors.some((tensor) => learnedPositions.test(tensor.name));
  if (effect === 'generation') return chatFrom === 'finetuned' && !isTokenId(name);
  return effect === 'forward' || effect === 'unknown';
}

/** `eos_token_id`, `image_token_index`. */
export function isTokenId(name: string): boolean {
  return /(?:_token_ids?|_token_index)$/.test(name);
}

function fateOf(group: string, before: ModelSettings, after: ModelSettings, current: ModelSettings, { settings }: CombineRequest): Fate {
  const [old, fresh, own] = [before, after, current].map((each) => groupValues(each, group));
  if (isDeepStrictEqual(fresh, own)) return 'agreed';
  if (settings === 'target') return 'kept';
  return settings === 'finetuned' || isDeepStrictEqual(old, own) ? 'taken' : 'conflict';
}

function takenFinding(differences: readonly SettingDifference[], tune: FineTune, { role }: OpenInput): Finding[] {
  return finding(
    'finetune-settings',
    differences,
    tune,
    `They are part of the fine-tune, so the output has them. To keep those of ${role}, choose its settings.`,
  );
}

function keptFinding(differences: readonly SettingDifference[], tune: FineTune, { role }: OpenInput): Finding[] {
  return finding(
    'finetune-settings-kept',
    differences,
    tune,
    `The output has those of ${role}, as asked for: the weights of the fine-tune were made with others.`,
  );
}

function conflictFinding(differences: readonly SettingDifference[], tune: FineTune, { role }: OpenInput): Finding[] {
  return finding(
    'settings-conflict',
    differences,
    tune,
    `${role} differs from both, and the output has those of ${role}. To take those of ${tune.after.role}, choose its settings.`,
  );
}

function notTakenFinding(differences: readonly SettingDifference[], tune: FineTune, { role }: OpenInput): Finding[] {
  return finding(
    'finetune-settings-kept',
    differences,
    tune,
    `They cannot be written into the config.json of ${role}, whose settings the output has: change them there by hand.`,
  );
}

function finding(code: string, differences: readonly SettingDifference[], { after, beforeRole }: FineTune, consequence: string): Finding[] {
  if (differences.length === 0) return [];
  const message = `${after.role} has other settings than its base${beforeRole === 'base' ? '' : ` ${beforeRole}`}: ${listDifferences(differences)}. ${consequence}`;
  return [{ severity: 'warning', code, message, file: after.folder }];
}
