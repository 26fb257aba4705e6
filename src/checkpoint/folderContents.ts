import { basename, dirname, join } from 'node:path';
import { plural } from '../base/format.js';
import { andList, shortList } from '../base/nameList.js';
import { formatCommandLine } from '../base/process/commandLine.js';
import type { FolderListing } from './listFolder.js';
import { isTrainingFile, isTrainingState } from './trainingState.js';

/** What a folder without weights that are read holds instead, and what to name or to run. */
export interface FolderContents {
  readonly holds: string;
  readonly remedy: string;
}

interface Place extends FolderListing {
  readonly folder: string;
}

/** Something that training or an export leaves behind, told by names; null where a folder is not of this kind. */
type Kind = (place: Place) => FolderContents | null;

/** Says by names what a folder holds. The remedy is that of the most telling kind. */
export function describeContents(folder: string, listing: FolderListing): FolderContents {
  const place = { folder, ...listing };
  const found = kinds.flatMap((kind) => kind(place) ?? []);
  const [first] = found;
  if (first !== undefined) return { holds: andList(found.map(({ holds }) => holds)), remedy: first.remedy };
  const holds = listing.files.length === 0 ? 'no files' : plural(listing.files.length, 'other file');
  return { holds, remedy: 'Name the folder or file that holds the weights.' };
}

const matching = (names: readonly string[], pattern: RegExp): readonly string[] => names.filter((name) => pattern.test(name));

/** What to type; the output lies beside the folder. */
const run = (...command: readonly string[]): string => `Make safetensors of it: ${formatCommandLine(command)}`;
const outputOf = (folder: string): string => `${folder}-merged`;

const unfinished = 'Its description (.metadata) is missing: finish the download, or save the checkpoint again.';

/** FSDP of accelerate: https://huggingface.co/docs/accelerate/usage_guides/fsdp. With its description it would have been opened. */
const accelerateFsdp: Kind = ({ folders }) => {
  const [name] = matching(folders, /^pytorch_model_fsdp_\d+$/);
  return name === undefined ? null : { holds: `FSDP weights (${name})`, remedy: unfinished };
};

/** `torch.distributed.checkpoint`: torchtitan, FSDP's own. */
const distributed: Kind = ({ folder, files }) => {
  const parts = matching(files, /\.distcp$/);
  if (parts.length === 0 && !files.includes('.metadata')) return null;
  const holds = `a distributed PyTorch checkpoint (${plural(parts.length, 'file')} .distcp)`;
  if (isTrainingFile(basename(folder))) return { holds: `${holds} of an optimizer`, remedy: `Name ${dirname(folder)}.` };
  return { holds, remedy: unfinished };
};

/** DeepSpeed ZeRO puts `zero_to_fp32.py` beside its `global_step` folders. */
const deepSpeed: Kind = ({ folder, files, folders }) => {
  const isStep = matching(files, /^(?:bf16_)?zero_pp_rank_|^mp_rank_\d+_model_states\.pt$/).length > 0;
  const steps = matching(folders, /^global_step\d+$/);
  if (!isStep && (steps.length === 0 || !files.some((name) => name === 'zero_to_fp32.py' || name === 'latest'))) return null;
  const root = isStep ? dirname(folder) : folder;
  const command = ['python', join(root, 'zero_to_fp32.py'), root, outputOf(root), '--safe_serialization'];
  return { holds: `a DeepSpeed checkpoint${isStep ? '' : ` (${shortList(steps)})`}`, remedy: run(...command) };
};

/** https://verl.readthedocs.io/en/latest/advance/checkpoint.html */
const verl: Kind = ({ folder, files }) => {
  const shards = matching(files, /^model_world_size_\d+_rank_\d+\.pt$/);
  if (shards.length === 0) return null;
  const command = [
    'python',
    '-m',
    'verl.model_merger',
    'merge',
    '--backend',
    'fsdp',
    '--local_dir',
    folder,
    '--target_dir',
    outputOf(folder),
  ];
  return { holds: `a verl checkpoint (${plural(shards.length, 'rank')})`, remedy: run(...command) };
};

const megatron: Kind = ({ files, folders }) => {
  const steps = [...matching(folders, /^(?:iter_\d+|mp_rank_\d+(?:_\d+)*|tp_rank_\d+_pp_rank_\d+)$/)];
  if (steps.length === 0 && !files.includes('latest_checkpointed_iteration.txt')) return null;
  return {
    holds: `a Megatron checkpoint (${shortList(steps)})`,
    remedy: 'Export it to Hugging Face safetensors with Megatron Bridge or the tool it was trained with.',
  };
};

/** Several slices of the same tensors, which only Llama's own code puts together. */
const llama: Kind = ({ files }) => {
  const slices = matching(files, /^consolidated\.\d+\.pth$/);
  if (slices.length < 2) return null;
  return {
    holds: `${slices.length} slices of every tensor, in Llama's own format for ${slices.length} GPUs (${shortList(slices)})`,
    remedy: 'Convert them with convert_llama_weights_to_hf.py of transformers, or name a copy in the Hugging Face layout.',
  };
};

const pytorch: Kind = ({ files }) => {
  const found = matching(files, /\.(?:bin|pt|pth|ckpt)$/).filter((name) => !isTrainingState(name));
  if (found.length === 0) return null;
  return {
    holds: `${plural(found.length, 'file')} that ${found.length === 1 ? 'ends' : 'end'} like PyTorch weights and ${found.length === 1 ? 'is none' : 'are none'} (${shortList(found)})`,
    remedy: 'Finish the download, or name the folder or file that holds the weights.',
  };
};

/** Formats by the ending of their files, and what is to be named instead. */
const formats: readonly (readonly [ending: RegExp, name: string])[] = [
  [/\.onnx(?:_data|\.data)?$/, 'an ONNX graph'],
  [/\.h5$|\.keras$/, 'Keras weights'],
  [/\.msgpack$/, 'Flax weights'],
  [/\.nemo$/, 'a NeMo archive'],
  [/\.(?:engine|plan)$/, 'a TensorRT engine'],
  [/^openvino_model\./, 'an OpenVINO model'],
  [/\.ot$/, 'Rust weights'],
  [/\.tflite$/, 'a TensorFlow Lite model'],
];

/** Arrays are mostly data, so that a file of them is only taken for weights when it is named. */
const arrays: Kind = ({ folder, files }) => {
  const [first, ...others] = matching(files, /\.np[yz]$/);
  if (first === undefined) return null;
  return {
    holds: `NumPy arrays (${shortList([first, ...others])})`,
    remedy: `Name the file that holds the weights: ${join(folder, first)}.`,
  };
};

const exported: Kind = ({ files }) => {
  const found = formats.flatMap(([ending, name]) => {
    const [first] = matching(files, ending);
    return first === undefined ? [] : [`${name} (${first})`];
  });
  return found.length === 0 ? null : { holds: andList(found), remedy: 'Name the safetensors checkpoint that it was made from.' };
};

/** A training run's own folder: `checkpoint-500`, `checkpoint-1000`. */
const runFolder: Kind = ({ folder, folders }) => {
  const natural = new Intl.Collator('en', { numeric: true });
  const steps = [...matching(folders, /^(?:(?:checkpoint|step|epoch)[-_]?|global_step_)\d+$/)].sort((a, b) => natural.compare(b, a));
  const [newest] = steps;
  if (newest === undefined) return null;
  return {
    holds: `checkpoints of a training run (${shortList(steps)})`,
    remedy: `Name one of them: ${join(folder, newest)} is the newest.`,
  };
};

const trainingState: Kind = ({ files, folders }) => {
  const state = [...files, ...folders].filter(isTrainingFile);
  if (state.length === 0) return null;
  return {
    holds: `training state (${shortList(state)})`,
    remedy: 'The weights of this step were saved elsewhere, or not at all: name the folder that holds them.',
  };
};

const kinds: readonly Kind[] = [
  accelerateFsdp,
  distributed,
  deepSpeed,
  verl,
  megatron,
  llama,
  pytorch,
  arrays,
  exported,
  runFolder,
  trainingState,
];
