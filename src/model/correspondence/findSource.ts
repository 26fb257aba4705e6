import { families, type FusedFamily, type Source } from './arrangement.js';
import { nativeScheme } from './schemes.js';
import type { Recipe } from '../recipe/index.js';

/** A parameter that others may be made of, by its canonical name. */
export interface Material {
  readonly name: string;
  readonly values: Recipe;
  readonly schemes: readonly string[];
}

/** Finds a parameter of that canonical name. */
export type FindMaterial = (name: string) => Material | undefined;

const oneExpert = /^(.*\.)?experts\.(\d+)\.([^.]+)\.([^.]+)$/s;
const allExperts = /^(.*\.)?experts\.([^.]+)\.([^.]+)$/s;

/**
 * How a parameter can be made of another model's: as it is, of a fused or stacked one, or of parts.
 * @param shape of the parameter, for the number of experts that it stacks
 */
export function findSource(name: string, shape: readonly number[], find: FindMaterial): Source | null {
  return findAsPart(name, find) ?? findInParts(name, shape, find);
}

function findDirect(name: string, find: FindMaterial): Source | null {
  const material = find(name);
  if (material === undefined) return null;
  return { kind: 'direct', values: material.values, name: material.name, rotary: rotaryOf(name, material.schemes) };
}

/** Only queries and keys are rotated. */
export function rotaryOf(name: string, schemes: readonly string[]): 'native' | 'halves' | null {
  if (!/\.[qk]_proj\.[^.]+$/.test(name)) return null;
  return schemes.includes(nativeScheme) ? 'native' : 'halves';
}

/** As it is, or as a part of what holds it. */
function findAsPart(name: string, find: FindMaterial): Source | null {
  return findDirect(name, find) ?? findAsMember(name, find) ?? findAsExpert(name, find);
}

function findAsMember(name: string, find: FindMaterial): Source | null {
  const place = memberPlace(name);
  if (place === null) return null;
  const of = findAsPart(place.wholeName, find);
  return of && { kind: 'member', of, family: place.family, member: place.member, shares: null };
}

function findAsExpert(name: string, find: FindMaterial): Source | null {
  const [, holder, expert, module, leaf] = oneExpert.exec(name) ?? [];
  if (expert === undefined) return null;
  const of = findAsPart(`${holder ?? ''}experts.${module!}.${leaf!}`, find);
  return of && { kind: 'expert', of, expert: Number(expert) };
}

function memberPlace(name: string): { wholeName: string; family: FusedFamily; member: number } | null {
  const { holder, module, leaf } = splitName(name);
  const family = families.find(({ parts }) => parts.includes(module));
  return family === undefined ? null : { wholeName: `${holder}${family.whole}.${leaf}`, family, member: family.parts.indexOf(module) };
}

/** What a fused or stacked parameter is made of where it is stored in parts. */
function findInParts(name: string, shape: readonly number[], find: FindMaterial): Source | null {
  return findStacked(name, shape, find) ?? findFused(name, shape, find);
}

function findStacked(name: string, shape: readonly number[], find: FindMaterial): Source | null {
  const [, holder, module, leaf] = allExperts.exec(name) ?? [];
  const count = shape[0];
  if (module === undefined || count === undefined || /^\d+$/.test(module)) return null;
  const of: Source[] = [];
  for (let expert = 0; expert < count; expert++) {
    const source = findSource(`${holder ?? ''}experts.${expert}.${module}.${leaf!}`, shape.slice(1), find);
    if (source === null) return null;
    of.push(source);
  }
  return of.length === 0 ? null : { kind: 'experts', of };
}

function findFused(name: string, shape: readonly number[], find: FindMaterial): Source | null {
  const { holder, module, leaf } = splitName(name);
  const family = families.find(({ whole }) => whole === module);
  if (family === undefined) return null;
  const of = family.parts.map((part) => findSource(`${holder}${part}.${leaf}`, shape, find));
  return of.every((source) => source !== null) ? { kind: 'fused', of, family } : null;
}

/** `model.layers.0.mlp.`, `gate_proj` and `weight`. */
function splitName(name: string): { holder: string; module: string; leaf: string } {
  const dot = name.lastIndexOf('.');
  const before = name.lastIndexOf('.', dot - 1);
  return { holder: name.slice(0, before + 1), module: name.slice(before + 1, dot), leaf: name.slice(dot + 1) };
}

/** The family that a name is the whole of. */
export function familyOfWhole(name: string): FusedFamily | null {
  const { module } = splitName(name);
  return families.find(({ whole }) => whole === module) ?? null;
}

/** The family whose parts a source takes apart or puts together; null where there is none. */
export function familyOf(source: Source): FusedFamily | null {
  switch (source.kind) {
    case 'direct':
      return null;
    case 'expert':
      return familyOf(source.of);
    case 'member':
    case 'fused':
      return source.family;
    case 'experts':
      return familyOf(source.of[0]!);
    default:
      return source satisfies never;
  }
}

/** Names of the stored parameters that a source is made of. */
export function namesOf(source: Source): readonly string[] {
  switch (source.kind) {
    case 'direct':
      return [source.name];
    case 'expert':
    case 'member':
      return namesOf(source.of);
    case 'experts':
    case 'fused':
      return [...new Set(source.of.flatMap(namesOf))];
    default:
      return source satisfies never;
  }
}
