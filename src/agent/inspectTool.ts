import { dataByteLength, listTensors } from '../checkpoint/checkpoint.js';
import { inNaturalOrder } from '../base/naturalOrder.js';
import { adapterTitle } from '../model/adapters/index.js';
import { compilePattern } from '../model/names/index.js';
import { countParameters } from '../model/parameters/index.js';
import { addressHelp, patternHelp } from './addresses.js';
import { defineTool } from './agentTool.js';

export const inspectTool = defineTool({
  name: 'inspect_model',
  title: 'Inspect Model',
  description:
    'Tells what a model checkpoint holds: architecture, parameters, dtypes, quantisation, settings, findings about its files. Reads headers only, whatever its size. With a pattern it also lists the tensors that fit, with shape and dtype.',
  parameters: {
    path: { kind: 'text', help: `Address of ${addressHelp}` },
    pattern: { kind: 'text', isOptional: true, help: `List tensors whose names fit: ${patternHelp}` },
    offset: { kind: 'whole', min: 0, max: 10_000_000, otherwise: 0, help: 'How many of these to leave out from the beginning.' },
    limit: { kind: 'whole', min: 1, max: 200, otherwise: 50, help: 'How many of these to list.' },
  },
  async run({ path, pattern, offset, limit }, context) {
    const fits = pattern === null ? null : compilePattern(pattern);
    const model = await context.request('checkpoint/open', { path: context.resolve(path) });
    const { count, uncountedWeights } = countParameters(model.parameters);
    const tensors = listTensors(model);
    return {
      name: model.name,
      path: model.path,
      architecture: model.config?.architecture ?? model.config?.modelType ?? null,
      adapter: model.adapter && adapterTitle(model.adapter),
      quantisation: model.scheme?.name ?? null,
      parameters: count,
      weightsOfUnknownSize: uncountedWeights,
      bytes: dataByteLength(model),
      files: model.shards.length,
      tensorCount: tensors.length,
      dtypes: [...new Set(tensors.map(({ dtype }) => dtype))],
      findings: model.findings.map(({ severity, message }) => `${severity}: ${message}`),
      ...(fits === null
        ? {}
        : {
            tensors: pageOf(
              tensors.filter(({ name }) => fits(name)),
              offset,
              limit,
            ),
          }),
    };
  },
});

function pageOf(
  found: readonly { readonly name: string; readonly dtype: string; readonly shape: readonly number[] }[],
  offset: number,
  limit: number,
) {
  const shown = inNaturalOrder(found, ({ name }) => name).slice(offset, offset + limit);
  return { fitting: found.length, offset, shown: shown.map(({ name, dtype, shape }) => `${name}  ${dtype} [${shape.join(', ')}]`) };
}
