import type { LineRequest, MatrixRequest, PlaneRequest, Scoring } from '../../../../src/connectivity/index.js';
import { defaultSettings } from '../../../../src/evaluate/request.js';

const roles = ['a', 'b', 'finetuned', 'base', 'target'];

const scoring: Scoring & Pick<LineRequest, 'inputs'> = {
  tasks: ['/text/x.txt'],
  choices: { include: [], exclude: [], vocabulary: 'tokens', skipMismatched: false, prefixMap: null, settings: 'merged' },
  settings: defaultSettings,
  inputs: roles.map((role) => ({ role, path: `/models/${role[0]!.toUpperCase()}${role.slice(1)}`, expect: 'checkpoint' })),
};

export function lineRequest(given: Partial<LineRequest> = {}): LineRequest {
  return {
    kind: 'line',
    path: { kind: 'interpolate', a: 'a', b: 'b' },
    grid: { from: 0, to: 1, points: 5, refine: 0 },
    geometry: false,
    previous: null,
    ...scoring,
    ...given,
  };
}

export function matrixRequest(given: Pick<MatrixRequest, 'versions' | 'inputs'> & Partial<MatrixRequest>): MatrixRequest {
  return { kind: 'matrix', previous: null, ...scoring, ...given };
}

export function planeRequest(given: Partial<PlaneRequest> = {}): PlaneRequest {
  return { kind: 'plane', a: 'a', b: 'b', c: 'target', points: 3, from: 0, to: 1, ...scoring, ...given };
}
