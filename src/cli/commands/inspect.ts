import { dataByteLength, listTensors, type CheckpointParts, type TensorListing } from '../../checkpoint/index.js';
import { messageOf } from '../../base/errors.js';
import type { ExitCode, Io } from '../io.js';
import type { ParsedOptions } from '../options.js';
import type { Command, CommandSpec } from '../command.js';
import { addressHelp } from '../addressHelp.js';
import { summarizeTensors } from '../tensorSummary.js';
import { textTable } from '../textTable.js';
import { visibleText } from '../../base/visibleText.js';
import { inNaturalOrder } from '../../base/naturalOrder.js';
import { formatBytes, formatCount, plural } from '../../base/format.js';
import type { Model } from '../../model/index.js';
import { adapterTitle, describeAdapter } from '../../model/adapters/index.js';
import { describeGguf, ggufFactsOf } from '../../model/gguf/index.js';
import { describeCoding } from '../../model/quantisation/index.js';
import { countParameters, describeParameterCount, type Parameter } from '../../model/parameters/index.js';
import { runJob } from '../runJob.js';

const spec: CommandSpec = {
  name: 'inspect',
  positionals: ['PATH'],
  summary: 'Show what a checkpoint holds: layers, tensors, shapes, dtypes, findings. Reads headers only.',
  notes: `PATH is ${addressHelp} Of a pipeline every part is shown.`,
  options: {
    tensors: { type: 'boolean', help: 'List every tensor instead of one line per module.' },
    json: { type: 'boolean', help: 'Print the whole header information as JSON.' },
  },
};

export const inspectCommand: Command = {
  spec,
  async run(options, io) {
    const path = options.positionals[0]!;
    const parts = await runJob('checkpoint/parts', { path }, io);
    if (parts !== null) return inspectParts(parts, options, io);
    const checkpoint = await runJob('checkpoint/open', { path }, io);
    if (options.flag('json')) io.stdout(`${JSON.stringify(toJson(checkpoint))}\n`);
    else print(checkpoint, options.flag('tensors'), io);
    return 0;
  },
};

/** A part that cannot be opened does not hide the others. */
async function inspectParts({ parts, absent }: CheckpointParts, options: ParsedOptions, io: Io): Promise<ExitCode> {
  const opened: Model[] = [];
  for (const { address } of parts) {
    const checkpoint = await runJob('checkpoint/open', { path: address }, io).catch((error: unknown) => {
      io.signal.throwIfAborted();
      io.stderr(`model-rebase: ${messageOf(error)}\n`);
      return null;
    });
    if (checkpoint === null) continue;
    if (!options.flag('json')) print(checkpoint, options.flag('tensors'), io, opened.length > 0 ? '\n' : '');
    opened.push(checkpoint);
  }
  if (options.flag('json')) io.stdout(`${JSON.stringify({ parts: opened.map(toJson), absent })}\n`);
  else if (absent.length > 0) io.stdout(`\nwarning: model_index.json names parts that are not there: ${absent.join(', ')}.\n`);
  return opened.length === parts.length ? 0 : 2;
}

/** Plain parameters are left out: each is a tensor of the same name. */
function toJson({ parameters, buffers, ...checkpoint }: Model): object {
  const { count, uncountedWeights } = countParameters(parameters);
  return {
    ...checkpoint,
    parameterCount: count,
    uncountedWeights,
    byteLength: dataByteLength(checkpoint),
    buffers: buffers.map(({ name }) => name),
    codedWeights: parameters.flatMap((parameter) => codedWeight(parameter) ?? []),
  };
}

function codedWeight({ name, shape, storage }: Parameter): object | null {
  if (storage.kind !== 'codes') return null;
  const { scheme, bits, block, parts } = storage;
  const stored = Object.fromEntries(Object.entries(parts).map(([role, tensor]) => [role, tensor.name]));
  return { name, shape, scheme, coding: describeCoding(storage), bits, block, parts: stored };
}

function print(checkpoint: Model, everyTensor: boolean, io: Io, before = ''): void {
  const lines = [describe(checkpoint), ...describeScheme(checkpoint), ...describeParts(checkpoint)];
  io.stdout(`${before}${lines.map(visibleText).join('\n')}\n\n`);
  io.stdout(everyTensor ? tensorTable(listTensors(checkpoint), io) : moduleTable(listTensors(checkpoint), io));
  for (const { severity, message } of checkpoint.findings) io.stdout(`\n${severity}: ${visibleText(message)}`);
  if (checkpoint.findings.length > 0) io.stdout('\n');
}

/** `base-1 · LlamaForCausalLM · 1.4M parameters · BF16 · 2.8 MB in 1 file · 39 tensors`. */
function describe(checkpoint: Model): string {
  const { config, adapter, scheme, parameters, shards } = checkpoint;
  const tensors = listTensors(checkpoint);
  const kind = adapter === null ? (config?.architecture ?? config?.modelType ?? null) : adapterTitle(adapter);
  return [
    checkpoint.name,
    ...(kind === null ? [] : [kind]),
    describeParameterCount(countParameters(parameters)),
    ...(scheme === null ? [] : [scheme.name]),
    [...new Set(tensors.map(({ dtype }) => dtype))].join(', ') || 'no values',
    `${formatBytes(dataByteLength(checkpoint))} in ${plural(shards.length, 'file')}`,
    plural(tensors.length, 'tensor'),
  ].join(' · ');
}

function describeScheme({ scheme }: Model): string[] {
  return scheme === null ? [] : [scheme.evidence];
}

/** What an adapter consists of (rank, alpha, modules, base), and what a GGUF file says of itself. */
function describeParts(checkpoint: Model): string[] {
  const adapter = checkpoint.adapter === null ? [] : describeAdapter(checkpoint.adapter);
  const gguf = ggufFactsOf(checkpoint);
  return [...adapter, ...(gguf === null ? [] : describeGguf(gguf))].map(([label, value]) => `${label}: ${value}`);
}

function moduleTable(tensors: readonly TensorListing[], io: Io): string {
  const rows = summarizeTensors(tensors).map(({ place, module, shape, dtype, byteLength }) => [
    place,
    module,
    shape,
    dtype,
    formatBytes(byteLength),
  ]);
  return textTable(
    [
      { title: 'where', align: 'left' },
      { title: 'module', align: 'left', flexible: true },
      { title: 'shape', align: 'left' },
      { title: 'dtype', align: 'left' },
      { title: 'size', align: 'right' },
    ],
    rows,
    io.columns,
  );
}

function tensorTable(tensors: readonly TensorListing[], io: Io): string {
  const rows = inNaturalOrder(tensors, ({ name }) => name).map(({ name, shape, dtype, elementCount, byteLength }) => [
    name,
    shape.join(' × '),
    dtype,
    formatCount(elementCount),
    formatBytes(byteLength),
  ]);
  return textTable(
    [
      { title: 'tensor', align: 'left', flexible: true },
      { title: 'shape', align: 'left' },
      { title: 'dtype', align: 'left' },
      { title: 'elements', align: 'right' },
      { title: 'size', align: 'right' },
    ],
    rows,
    io.columns,
  );
}
