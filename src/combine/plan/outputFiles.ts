import { compareBytes } from '../../base/compareBytes.js';
import { stat } from 'node:fs/promises';
import { removeField } from '../../base/json/editJson.js';
import type { JsonObject } from '../../base/json/readJson.js';
import { andList } from '../../base/nameList.js';
import type { Finding } from '../../checkpoint/index.js';
import { statingFields } from '../../model/quantisation/index.js';
import type { PlannedFile, PlannedTensor } from '../plan.js';
import type { CombineRequest } from '../request.js';
import { configFindings } from './checkArchitecture.js';
import { planGenerationConfig } from './generationConfig.js';
import { jsonText, setJsonField } from './jsonText.js';
import type { PlanParts } from './judgePlan.js';
import type { Layout } from './layOutShards.js';
import type { OpenInput } from './openInputs.js';
import { copyOf, edited, textOf, writtenFile } from './plannedFile.js';
import { fineTunes, planSettings } from './planSettings.js';
import { planTokenIds, type ChangedTokenId, type PlannedTokenIds } from './planTokenIds.js';
import type { VocabularyDecision } from './planVocabulary.js';
import type { Roles } from './roles.js';
import { chatSide, planTokenizerFiles } from './tokenizerFiles.js';

/** Names that `config.json` has for the dtypes a combination can be stored in. */
const configDtypes: Readonly<Record<string, string>> = { F64: 'float64', F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

/** Model code, preprocessors and licences that belong to the weights whatever they are. */
const companion =
  /^(?:.*\.py|(?:pre)?processor_config\.json|(?:image|video)_processor.*\.json|video_preprocessor_config\.json|LICEN[CS]E.*|NOTICE.*|USE_POLICY.*)$/i;

/** Say how the template's codes are to be read, beside its configuration. */
const schemeFiles = ['hf_quant_config.json', 'quantize_config.json', 'quant_config.json'];

export interface FilesPlan {
  readonly files: readonly PlannedFile[];
  readonly findings: readonly Finding[];
}

/** All files beside the weights but the model card: index, configuration, tokenizer, generation settings, companions. */
export async function planFiles({ request, roles, inputs, vocabulary, layout, tensors: { decodes } }: PlanParts): Promise<FilesPlan> {
  const template = inputs[roles.template]!;
  const tokenizer = await planTokenizerFiles(request, roles, inputs, vocabulary);
  const config = await planConfig(request, roles, inputs, { vocabulary, tensors: layout.tensors, decodes, idOf: tokenizer.idOf });
  const isModel = roles.kind === 'model';
  const generation = await planGenerationConfig(chatSide(request, roles, inputs), template, tokenizer.idOf, config.changed);
  const companions = isModel ? await companionsOf(template, decodes) : [];
  return {
    files: [...planIndex(layout), ...config.files, ...generation.files, ...tokenizer.files, ...companions],
    findings: [...config.findings, ...generation.findings, ...tokenizer.findings],
  };
}

function planIndex({ tensors, shards }: Layout): PlannedFile[] {
  if (shards.length === 1) return [];
  const total = tensors.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const ordered = [...tensors].sort((a, b) => compareBytes(a.name, b.name));
  const map = Object.fromEntries(ordered.map(({ name, shard }) => [name, shards[shard]!.file]));
  const content = jsonText({ metadata: { total_size: total }, weight_map: map });
  return [writtenFile('model.safetensors.index.json', content, `says which of ${shards.length} files holds which tensor`)];
}

/** What the configuration depends on besides those of the inputs. */
interface ConfigParts {
  readonly vocabulary: VocabularyDecision;
  readonly tensors: readonly PlannedTensor[];
  /** Values take the place of the template's codes. */
  readonly decodes: boolean;
  readonly idOf: (token: string) => number | null;
}

interface ConfigPlan extends FilesPlan {
  readonly changed: readonly ChangedTokenId[];
}

async function planConfig(request: CombineRequest, roles: Roles, inputs: readonly OpenInput[], parts: ConfigParts): Promise<ConfigPlan> {
  const template = inputs[roles.template]!;
  if (template.config === null) {
    const message = `${template.role} has no config.json, so the output has none: transformers cannot load it without.`;
    return { files: [], findings: [{ severity: 'warning', code: 'no-config', message, file: template.folder }], changed: [] };
  }
  const plain = await copyOf(template, 'config.json', `configuration of ${template.role}`);
  const original = await textOf(plain, template);
  const settings = await planAllSettings(request, roles, inputs, parts, original);
  const stored = describeStorage(request, template.config, parts, settings.text);
  const changes = [...settings.changes, ...stored.changes].join(' and ');
  const findings = [...settings.findings, ...configFindings(inputs, settings)];
  return { files: [edited(plain, original, stored.text, `with ${changes}`)], findings, changed: settings.changed };
}

/** Settings of fine-tunes, and special tokens of the one whose chat template the output has. */
async function planAllSettings(
  request: CombineRequest,
  roles: Roles,
  inputs: readonly OpenInput[],
  { tensors, idOf }: ConfigParts,
  original: string,
): Promise<PlannedTokenIds> {
  const template = inputs[roles.template]!;
  const tunes = roles.kind === 'model' ? fineTunes(request, roles, inputs, tensors) : [];
  const settings = await planSettings(request, template, tunes, original);
  const chat = tunes.find(({ after }) => after === chatSide(request, roles, inputs));
  return chat === undefined ? { ...settings, changed: [] } : planTokenIds(settings, template, chat, idOf);
}

/** The text with the number of rows and the dtype that the output has, and without the scheme of codes that are decoded. */
function describeStorage(
  { dtype }: CombineRequest,
  config: JsonObject,
  { vocabulary: { plan }, tensors, decodes }: ConfigParts,
  text: string,
): Pick<PlannedTokenIds, 'text' | 'changes'> {
  const grown = plan !== null && plan.rowCount !== plan.templateRowCount ? plan.rowCount : null;
  const stored = dtype ?? (decodes || tensors.every((tensor) => tensor.dtype === 'F32') ? mostStored(tensors) : null);
  const stating = decodes ? statingFields(config) : [];
  const changes = [
    ...(grown === null ? [] : [`vocab_size ${grown}`]),
    ...(stored === null ? [] : [`dtype ${configDtypes[stored]!}`]),
    ...(stating.length === 0 ? [] : [`no ${andList([...new Set(stating.map((path) => path.at(-1)!))])}`]),
  ];
  const plain = stating.reduce(removeField, text);
  const withRows = grown === null ? plain : setJsonField(plain, vocabularySizePath(config), grown);
  return { text: stored === null ? withRows : setDtype(withRows, config, configDtypes[stored]!), changes };
}

/** The dtype that most weights are stored in. */
function mostStored(tensors: readonly PlannedTensor[]): string | null {
  const sizes = new Map<string, number>();
  for (const { dtype, byteLength } of tensors) if (dtype in configDtypes) sizes.set(dtype, (sizes.get(dtype) ?? 0) + byteLength);
  return [...sizes].sort(([, one], [, other]) => other - one)[0]?.[0] ?? null;
}

/** Multimodal models keep the language model's settings in `text_config`. */
function vocabularySizePath(config: Readonly<Record<string, unknown>>): string[] {
  const nested = config['text_config'];
  const isNested = config['vocab_size'] === undefined && typeof nested === 'object' && nested !== null && 'vocab_size' in nested;
  return isNested ? ['text_config', 'vocab_size'] : ['vocab_size'];
}

function setDtype(text: string, config: Readonly<Record<string, unknown>>, name: string): string {
  const present = ['dtype', 'torch_dtype'].filter((field) => field in config);
  return (present.length > 0 ? present : ['torch_dtype']).reduce((result, field) => setJsonField(result, [field], name), text);
}

async function companionsOf(template: OpenInput, decodes: boolean): Promise<PlannedFile[]> {
  const isScheme = (name: string): boolean => !decodes && template.checkpoint.scheme !== null && schemeFiles.includes(name);
  const names = (await template.companions.names(template.folder)).filter((name) => companion.test(name) || isScheme(name));
  return Promise.all(names.map((name) => copyOf(template, name, `belongs to ${template.role}`)));
}

/** Where the generated card is put among the files. */
export function cardFile(content: string): PlannedFile {
  return writtenFile('README.md', content, 'model card');
}

/** Bytes of the planned files, those that are copied included. */
export async function filesByteLength(files: readonly PlannedFile[]): Promise<number> {
  const sizes = await Promise.all(
    files.map(async ({ content, sourcePath }) => (content === null ? (await stat(sourcePath!)).size : Buffer.byteLength(content))),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
