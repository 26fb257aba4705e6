import { stat } from 'node:fs/promises';
import type { Finding } from '../../checkpoint/index.js';
import type { PlannedFile, PlannedTensor } from '../plan.js';
import type { CombineRequest } from '../request.js';
import { planGenerationConfig } from './generationConfig.js';
import { jsonText, setJsonField } from './jsonText.js';
import type { Layout } from './layOutShards.js';
import type { OpenInput } from './openInputs.js';
import { copyOf, edited, textOf, writtenFile } from './plannedFile.js';
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
  const config = await planConfig(template, request, vocabulary, layout.tensors);
  const tokenizer = await planTokenizerFiles(request, roles, inputs, vocabulary);
  const isModel = roles.kind === 'model';
  const generation = isModel
    ? await planGenerationConfig(chatSide(request, roles, inputs), template, tokenizer.idOf)
    : { files: [], findings: [] };
  const companions = isModel ? await companionsOf(template) : [];
  return {
    files: [...planIndex(layout), ...config.files, ...generation.files, ...tokenizer.files, ...companions],
    findings: [...config.findings, ...generation.findings, ...tokenizer.findings],
  };
}

function planIndex({ tensors, shards }: Layout): PlannedFile[] {
  if (shards.length === 1) return [];
  const total = tensors.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const ordered = [...tensors].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const map = Object.fromEntries(ordered.map(({ name, shard }) => [name, shards[shard]!.file]));
  const content = jsonText({ metadata: { total_size: total }, weight_map: map });
  return [writtenFile('model.safetensors.index.json', content, `says which of ${shards.length} files holds which tensor`)];
}

async function planConfig(
  template: OpenInput,
  { dtype }: CombineRequest,
  { plan }: VocabularyDecision,
  tensors: readonly PlannedTensor[],
): Promise<FilesPlan> {
  if (template.config === null) {
    const message = `${template.role} has no config.json, so the output has none: transformers cannot load it without.`;
    return { files: [], findings: [{ severity: 'warning', code: 'no-config', message, file: template.folder }] };
  }
  const plain = await copyOf(template, 'config.json', `configuration of ${template.role}`);
  const original = await textOf(plain, template);
  const grown = plan !== null && plan.rowCount !== plan.templateRowCount ? plan.rowCount : null;
  const stored = dtype ?? (tensors.every((tensor) => tensor.dtype === 'F32') ? 'F32' : null);
  const withRows = grown === null ? original : setJsonField(original, vocabularySizePath(template.config), grown);
  const content = stored === null ? withRows : setDtype(withRows, template.config, configDtypes[stored]!);
  const changes = [...(grown === null ? [] : [`vocab_size ${grown}`]), ...(stored === null ? [] : [`dtype ${configDtypes[stored]!}`])];
  return { files: [edited(plain, original, content, `with ${changes.join(' and ')}`)], findings: [] };
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
