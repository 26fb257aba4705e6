import type { DiffReport } from '../../../src/compare/report/index.js';
import { type DiffPanelRequests, type DiffPanelState, type Handlers, toDiffView } from '../../../src/webview/index.js';
import {
  detailOf,
  hostileReport,
  halfReport,
  hugeReport,
  identicalReport,
  mixedReport,
  partlyComparedReport,
  realisticReport,
} from './diffFixtures.js';

const reports: Readonly<Record<string, () => DiffReport>> = {
  realistic: realisticReport,
  mixed: mixedReport,
  partly: partlyComparedReport,
  identical: identicalReport,
  hostile: hostileReport,
  huge: hugeReport,
  saved: realisticReport,
  kept: realisticReport,
  filling: realisticReport,
};

const titles = { titleA: 'base-1', titleB: 'finetuned-1' };
const unfinished: Readonly<Record<string, DiffPanelState>> = {
  running: { kind: 'running', ...titles, partial: null, progress: { fraction: 0.37, message: '1.2 GB of 3.3 GB · 2.1 GB/s · 1 s left' } },
  filling: {
    kind: 'running',
    ...titles,
    partial: toDiffView(halfReport()),
    progress: { fraction: 0.5, message: '1.6 GB of 3.3 GB · 2.1 GB/s · 1 s left' },
  },
  failed: {
    kind: 'failed',
    ...titles,
    message:
      'model-00002-of-00002.safetensors: tensor "model.layers.20.mlp.up_proj.weight" ends at byte 1,073,741,824, but the file has 1,073,700,000 bytes. The file is cut short: download it again.',
  },
  cancelled: { kind: 'cancelled', ...titles },
};

/** Answers a diff panel as the extension would, from an invented report. */
export function diffHandlers(scenario: string, emit: (event: string, payload: unknown) => void): Handlers<DiffPanelRequests> {
  const report = reports[scenario]?.() ?? realisticReport(2);
  const state: DiffPanelState = unfinished[scenario] ?? {
    kind: 'done',
    view: toDiffView(report),
    obstacle: scenario === 'saved' ? 'They are no longer there.' : null,
    remark: scenario === 'kept' ? 'Comparing again failed: the file is gone. This is the result of before.' : null,
  };
  const record = (index: number) => {
    const tensor = report.tensors[index];
    if (!tensor) throw new RangeError(`There is no tensor ${index}.`);
    return tensor;
  };
  return {
    ready: () => state,
    tensor: ({ index }) => record(index),
    detail: ({ index }) => {
      if (record(index).name === 'model.norm.weight') throw new Error('finetuned-1: the file is gone. Compare again after restoring it.');
      return detailOf(record(index));
    },
    cancel: () => {
      emit('state', { kind: 'cancelled', ...titles });
      return null;
    },
    rerun: () => {
      emit('state', unfinished['running']);
      return null;
    },
    exportReport: ({ format }) => {
      if (format === 'csv') throw new Error('The disk is full.');
      return { savedTo: `/reports/report.${format}` };
    },
    diffTextFile: () => null,
    reveal: () => null,
    exportPicture: ({ format }) => ({ savedTo: `/reports/picture.${format}` }),
    openTensor: () => null,
    compareTextFiles: () => [
      { file: 'config.json', same: true },
      { file: 'tokenizer_config.json', same: false },
    ],
    swap: () => null,
    transfer: () => null,
    interpolate: () => null,
  };
}
