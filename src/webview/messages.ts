/** What the extension host and its webviews say to each other. Types only; the RPC class is in `channel.ts`. */
import type {
  CompanionDifferences,
  GroupDiff,
  LayerDiff,
  ModuleDiff,
  ReportEngine,
  ReportSide,
  TensorDetail,
  TensorDiff,
  TensorStatus,
} from '../compare/report/index.js';
import type { CheckpointSummary } from './checkpointSummary.js';
import type { Sparklines } from './model/sparkline.js';

/**
 * The tensor table in columns, so that 100,000 tensors travel as a few typed arrays.
 * Entry `i` of every column belongs to tensor `i`; NaN in a numeric column means "no value".
 */
export interface TensorTable {
  readonly length: number;
  /** Name in A, and that in B where it is another. */
  readonly names: readonly string[];
  /** Index into `localNames`: the name within its layer, `self_attn.q_proj.weight`; outside layers the whole name. */
  readonly localName: Uint32Array;
  readonly localNames: readonly string[];
  /** Index into `tensorStatuses`. */
  readonly status: Uint8Array;
  /** Index into `DiffView.layers`, and into `TensorTable.moduleNames`. */
  readonly layer: Uint32Array;
  readonly module: Uint32Array;
  readonly moduleNames: readonly string[];
  /** Index into `dtypeLabels`: `BF16`, or `F32 → BF16` where the sides differ. */
  readonly dtype: Uint32Array;
  readonly dtypeLabels: readonly string[];
  /** Index into `matchLabels`: why both sides are one tensor; empty for what has no counterpart. */
  readonly match: Uint32Array;
  readonly matchLabels: readonly string[];
  /** Index into `shapeLabels`: `4096 × 4096`, or `32000 × 64 → 32001 × 64` where the sides differ. */
  readonly shape: Uint32Array;
  readonly shapeLabels: readonly string[];
  readonly elementCount: Float64Array;
  readonly normA: Float64Array;
  readonly normB: Float64Array;
  readonly normDelta: Float64Array;
  readonly relativeChange: Float64Array;
  readonly cosine: Float64Array;
  readonly maxAbsDelta: Float64Array;
  readonly changedCount: Float64Array;
  readonly comparedCount: Float64Array;
  readonly signFlips: Float64Array;
  readonly nonFinite: Float64Array;
  readonly sparklines: Sparklines;
}

/** All that the diff panel shows at once; details of one tensor are asked for. */
export interface DiffView {
  readonly a: ReportSide;
  readonly b: ReportSide;
  readonly engine: ReportEngine;
  readonly prefixMap: readonly { readonly from: string; readonly to: string }[];
  /** The user's rules for names in B, as text: `PATTERN=NAME`. */
  readonly nameRules: readonly string[];
  /** Why tensors were matched, numbers left out, most frequent first. */
  readonly matchReasons: readonly { readonly reason: string; readonly count: number }[];
  readonly seconds: number;
  readonly createdAt: string;
  readonly summary: GroupDiff;
  /** What differs beside the tensors; null in reports of before this was recorded. */
  readonly companions: CompanionDifferences | null;
  readonly layers: readonly LayerDiff[];
  readonly modules: readonly ModuleDiff[];
  readonly table: TensorTable;
  readonly findings: readonly { readonly severity: string; readonly message: string; readonly tensor?: string }[];
}

export interface Progress {
  /** 0…1. */
  readonly fraction: number;
  /** E.g. `1.2 GB of 16 GB · 2.1 GB/s · 7 s left`. */
  readonly message: string;
}

/** A picture as a file: SVG text, or the bytes of a PNG. */
export type ExportedPicture =
  { readonly format: 'svg'; readonly text: string } | { readonly format: 'png'; readonly bytes: Uint8Array<ArrayBuffer> };

export interface FileComparison {
  readonly file: string;
  readonly same: boolean;
}

export type ExportFormat = 'json' | 'csv' | 'markdown' | 'modeldiff';

/** Rules for names as a person left them. */
export interface ChosenNameRules {
  readonly prefixMap: readonly { readonly from: string; readonly to: string }[];
  /** `PATTERN=NAME` each. */
  readonly nameRules: readonly string[];
}

/** Requests a diff panel may make; the host answers each with `result` or an error. */
export interface DiffPanelRequests {
  /** Pull handshake: the panel is ready; the answer is everything it needs, or the state of a running job. */
  ready: { params: undefined; result: DiffPanelState };
  /** The full record of one tensor (histogram included). */
  tensor: { params: { index: number }; result: TensorDiff };
  /** Rows, columns and picture of one tensor, computed now. */
  detail: { params: { index: number }; result: TensorDetail };
  cancel: { params: undefined; result: null };
  /** Run again, e.g. after a failure or with other rules for names. */
  rerun: { params: ChosenNameRules | undefined; result: null };
  /** The heat map with its layer profile, as it is shown. */
  exportPicture: { params: ExportedPicture; result: { savedTo: string | null } };
  exportReport: { params: { format: ExportFormat }; result: { savedTo: string | null } };
  /** Open a text file of both sides in VS Code's own diff editor. */
  diffTextFile: { params: { file: string }; result: null };
  /** Text files that lie beside both sides, and whether their bytes are the same. */
  compareTextFiles: { params: undefined; result: readonly FileComparison[] };
  /** Compare again with the sides changed over. */
  swap: { params: undefined; result: null };
  reveal: { params: { side: 'a' | 'b' }; result: null };
  /** Show a tensor in the panel of the checkpoint on one side. */
  openTensor: { params: { index: number; side: 'a' | 'b' }; result: null };
  /** Start a transfer with A as base and B as fine-tuned version. */
  transfer: { params: undefined; result: null };
  /** Start scoring the way from A to B. */
  interpolate: { params: undefined; result: null };
}

export type DiffPanelState =
  | {
      readonly kind: 'running';
      readonly titleA: string;
      readonly titleB: string;
      readonly progress: Progress;
      /** What is known so far; null before anything is. */
      readonly partial: DiffView | null;
    }
  | { readonly kind: 'failed'; readonly titleA: string; readonly titleB: string; readonly message: string }
  | { readonly kind: 'cancelled'; readonly titleA: string; readonly titleB: string }
  | {
      readonly kind: 'done';
      readonly view: DiffView;
      /** Why values cannot be read again, as a sentence; null when they can. */
      readonly obstacle: string | null;
      /** What went wrong after this result, which is shown all the same; null when nothing did. */
      readonly remark: string | null;
    };

/** Pushed by the host without being asked. */
export interface DiffPanelEvents {
  state: DiffPanelState;
  progress: Progress;
}

export interface CheckpointPanelRequests {
  ready: { params: undefined; result: CheckpointPanelState };
  selectForDiff: { params: undefined; result: null };
  diffWithSelected: { params: undefined; result: null };
  copyName: { params: { name: string }; result: null };
  /** A tensor that the panel was opened for; null for none. */
  tensorToShow: { params: undefined; result: string | null };
}

export type CheckpointPanelState =
  | { readonly kind: 'failed'; readonly path: string; readonly message: string }
  | { readonly kind: 'done'; readonly summary: CheckpointSummary };

export interface CheckpointPanelEvents {
  state: CheckpointPanelState;
  showTensor: string;
}

export type { TensorStatus };
