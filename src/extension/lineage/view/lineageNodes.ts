import type { LineageStatus, ModelStatus, ReleaseStatus } from '../lineageRoom.js';
import type { LineageEntry } from '../lineageLibrary.js';

/** Nodes of the Lineage view. `path` is that of the lineage's file. */
export interface ReleaseNode {
  readonly kind: 'release';
  readonly path: string;
  readonly lineage: LineageStatus;
  readonly release: ReleaseStatus;
}

export interface ModelOfReleaseNode {
  readonly kind: 'model';
  readonly path: string;
  readonly release: ReleaseStatus;
  readonly model: ModelStatus;
}

/** Something that is not as the file says, or that stops rounds. */
export interface ProblemNode {
  readonly kind: 'problem';
  readonly path: string;
  readonly message: string;
}

export type LineageNode = LineageEntry | ReleaseNode | ModelOfReleaseNode | ProblemNode;

/** What a node shows when it is opened. */
export function childrenOf(node: LineageNode): LineageNode[] {
  switch (node.kind) {
    case 'read':
      return releasesOf(node.path, node.status);
    case 'release':
      return modelsOf(node);
    case 'broken':
    case 'model':
    case 'problem':
      return [];
    default:
      return node satisfies never;
  }
}

function releasesOf(path: string, lineage: LineageStatus): LineageNode[] {
  return [
    ...lineage.disagreements.map((message) => ({ kind: 'problem' as const, path, message })),
    ...lineage.releases.map((release) => ({ kind: 'release' as const, path, lineage, release })),
  ];
}

function modelsOf({ path, release }: ReleaseNode): LineageNode[] {
  return [
    ...release.problems.map((message) => ({ kind: 'problem' as const, path, message })),
    ...release.models.map((model) => ({ kind: 'model' as const, path, release, model })),
  ];
}
