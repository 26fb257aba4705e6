import type { PointPlace } from '../../webview/index.js';
import { type Combination, inputsOf, transfer } from '../transfer/combineRoom.js';
import type { GivenPoint } from '../transfer/draft.js';
import { combinationAt, combinationOn, type ConnectivityRun, formatPosition } from './connectivityRoom.js';

interface NamedCombination {
  readonly combination: Combination;
  readonly name: string;
}

const fileName = (text: string): string => text.replace('−', '-');

function combinationOf(run: ConnectivityRun, place: PointPlace, nameOf: (role: string) => string): NamedCombination | null {
  if (run.kind === 'line' && place.kind === 'line') {
    const { path } = run;
    const [one, other] = path.kind === 'interpolate' ? [path.a, path.b] : [path.target, path.finetuned];
    const name = `${nameOf(one)}+${fileName(formatPosition(place.at))}-${nameOf(other)}`;
    return { combination: combinationAt(path, place.at), name };
  }
  if (run.kind === 'plane' && place.kind === 'plane') {
    const name = `${nameOf(run.a)}+${fileName(formatPosition(place.x))}-${nameOf(run.b)}+${fileName(formatPosition(place.y))}-${nameOf(run.c)}`;
    return { combination: combinationOn(run, place.x, place.y), name };
  }
  if (run.kind !== 'matrix' || place.kind !== 'matrix') return null;
  const [source, target] = [run.versions[place.source], run.versions[place.target]];
  if (!source || !target || source.finetuned === null) return null;
  return { combination: transfer(target.base, source.finetuned, source.base), name: `${target.name}+${source.name}` };
}

/**
 * The combination at a place of a run, to be planned and written as it was scored.
 * @throws Error when the run has no such place
 */
export function pointOfRun(run: ConnectivityRun, place: PointPlace): GivenPoint {
  const nameOf = (role: string): string => run.inputs.find((input) => input.role === role)?.name ?? role;
  const found = combinationOf(run, place, nameOf);
  if (found === null) throw new Error(`"${run.title}" has no such point.`);
  const roles = inputsOf(found.combination);
  const inputs = roles.map((role) => ({
    role,
    path: run.inputs.find((input) => input.role === role)?.path ?? '',
    expect: 'checkpoint' as const,
  }));
  return { ...found, inputs, choices: run.choices };
}
