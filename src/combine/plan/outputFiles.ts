import { compareBytes } from '../../base/compareBytes.js';
import { stat } from 'node:fs/promises';
import type { JsonObject } from '../../base/json/readJson.js';
import type { Finding } from '../../checkpoint/index.js';
import type { PlannedFile, PlannedTensor } from '../plan.js';
import type { CombineRequest } from '../request.js';
import { configFindings } from './checkArchitecture.js';
import { planGenerationConfig } from './generationConfig.js';
import { jsonText, setJsonField } from './jsonText.js';
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

export interface FilesPlan {
  readonly files: readonly PlannedFile[];
  readonly findings: readonly Finding[];
}

/** All files beside the weights but the model card: index, configuration, tokenizer, generation settings, companions. */
export async function planFiles(
  request: CombineRequest,
  roles: Roles,
  inputs: readonly OpenInput[],
  vocabulary: VocabularyDecision,
  layout: Layout,
): Promise<FilesPlan> {
  const template = inputs[roles.template]!;
  const tokenizer = await planTokenizerFiles(request, roles, inputs, vocabulary);
  const config = await planConfig(request, roles, inputs, { vocabulary, tensors: layout.tensors, idOf: tokenizer.idOf });
  const isModel = roles.kind === 'model';
  const generation = await planGenerationConfig(chatSide(request, roles, inputs), template, tokenizer.idOf, config.changed);
  const companions = isModel ? await companionsOf(template) : [];
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

/** The text with the number of rows and the dtype that the output has. */
function describeStorage(
  { dtype }: CombineRequest,
  config: JsonObject,
  { vocabulary: { plan }, tensors }: ConfigParts,
  text: string,
): Pick<PlannedTokenIds, 'text' | 'changes'> {
  const grown = plan !== null && plan.rowCount !== plan.templateRowCount ? plan.rowCount : null;
  const stored = dtype ?? (tensors.every((tensor) => tensor.dtype === 'F32') ? 'F32' : null);
  const withRows = grown === null ? text : setJsonField(text, vocabularySizePath(config), grown);
  const changes = [...(grown === null ? [] : [`vocab_size ${grown}`]), ...(stored === null ? [] : [`dtype ${configDtypes[stored]!}`])];
  return { text: stored === null ? withRows : setDtype(withRows, config, configDtypes[stored]!), changes };
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

async function companionsOf(template: OpenInput): Promise<PlannedFile[]> {
  const names = (await template.companions.names(template.folder)).filter((name) => companion.test(name));
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
