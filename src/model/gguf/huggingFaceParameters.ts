import type { Finding, Tensor } from '../../checkpoint/index.js';
import { plural } from '../../base/format.js';
import { nameList } from '../../base/nameList.js';
import type { AdapterSettings } from '../adapters/index.js';
import type { Parameter, ParameterStorage, TensorMeaning } from '../parameters/index.js';
import { shapeOf, type Recipe } from '../recipe/index.js';
import { ggufAdapter } from './ggufAdapter.js';
import { JoinedParameters } from './joinedParameters.js';
import { familyOf, tables } from './families.js';
import type { Change, Family, Place } from './family.js';
import type { GgufFacts } from './ggufFacts.js';
import { undoChange } from './undoChange.js';

/** What the tensors of a GGUF file mean in Hugging Face's model. */
export interface GgufMeaning extends TensorMeaning {
  readonly findings: readonly Finding[];
  /** Present when the file is an adapter. */
  readonly adapter: AdapterSettings | null;
}

/**
 * The parameters as Hugging Face's model calls and has them: names from the family's table, and what converters do to values undone by
 * recipes. What has no known counterpart stays as it is, and is named in a finding.
 */
export function huggingFaceParameters(meaning: TensorMeaning, facts: GgufFacts, file: string): GgufMeaning {
  if (facts.type === 'adapter') return { ...meaning, ...ggufAdapter(meaning.parameters, facts, file) };
  const family = facts.type === 'model' ? familyOf(facts.architecture) : null;
  if (family === null) return { ...meaning, findings: [unknownFamily(facts, file)], adapter: null };
  const translation = new Translation(family, facts);
  const translated = meaning.parameters.flatMap((parameter) => translation.translate(parameter));
  const parameters = [...translated, ...translation.rest()];
  const buffers = [...meaning.buffers, ...translation.tables];
  return { ...meaning, parameters, buffers, findings: translation.findings(file), adapter: null };
}

function unknownFamily({ type, architecture }: GgufFacts, file: string): Finding {
  if (type === 'mmproj' || architecture === 'clip') {
    const message =
      'This is the part of a multimodal model that reads images or sound (mmproj). Its names stay as llama.cpp has them; compare it with another file of this kind.';
    return { severity: 'info', code: 'gguf-mmproj', message, file };
  }
  const message = `Names of the architecture "${architecture.slice(0, 60)}" are not known here: they stay as llama.cpp has them, and values as its converter left them. Compare it with another GGUF file of this model.`;
  return { severity: 'warning', code: 'gguf-architecture', message, file };
}

/** `blk.12.attn_q.weight`, `blk.3.ffn_gate.5.weight` (an expert, before they were stacked), `output_norm.weight`. */
const blockName = /^blk\.(\d{1,6})\.([a-z0-9_]+?)(?:\.(\d{1,6}))?\.(weight|bias)$/;
const outerName = /^([a-z0-9_]+)\.(weight|bias)$/;

interface Target {
  readonly name: string;
  readonly change: Change | null;
  readonly layer: number;
}

class Translation {
  /** What the converter computed. */
  readonly tables: Tensor[] = [];
  /** Names that were given: a file may have experts both stacked and one by one. */
  readonly #names = new Set<string>();
  readonly #joint: JoinedParameters;
  readonly #unknown: string[] = [];
  readonly #changed: string[] = [];

  constructor(
    private readonly family: Family,
    private readonly facts: GgufFacts,
  ) {
    this.#joint = new JoinedParameters(family);
  }

  /** Those whose other half is missing. */
  rest(): readonly Parameter[] {
    const halves = this.#joint.rest();
    for (const { name } of halves) this.#unknown.push(name);
    return halves;
  }

  /** The parameters that one of the file stands for: more than one where experts are stacked, none for a table. */
  translate(parameter: Parameter): readonly Parameter[] {
    const stem = /^(?:blk\.\d+\.)?([a-z0-9_]+)\.weight$/.exec(parameter.name)?.[1] ?? '';
    if (tables.has(stem) && parameter.storage.kind === 'stored') {
      this.tables.push(parameter.storage.tensor);
      return [];
    }
    const joined = this.#joint.take(parameter);
    if (joined !== null) {
      for (const { name } of joined) if (blockName.test(name)) this.#unknown.push(name);
      return joined;
    }
    const target = this.#targetOf(parameter.name);
    const translated = target && this.#apply(parameter, target);
    if (translated === null || translated.some(({ name }) => this.#names.has(name))) {
      this.#unknown.push(parameter.name);
      return [parameter];
    }
    for (const { name } of translated) this.#names.add(name);
    return translated;
  }

  findings(file: string): readonly Finding[] {
    const finding = (code: string, names: readonly string[], says: string): Finding[] =>
      names.length === 0 ? [] : [{ severity: 'warning', code, message: `${says}: ${nameList(names)}.`, tensor: names[0]!, file }];
    return [
      ...finding(
        'gguf-unknown-names',
        this.#unknown,
        `${plural(this.#unknown.length, 'tensor')} of names that are not known for ${this.facts.architecture}, left as they are`,
      ),
      ...finding(
        'gguf-changed-values',
        this.#changed,
        `What llama.cpp's converter did to ${plural(this.#changed.length, 'tensor')} cannot be undone, as the file does not say how many heads there are, or their shapes do not fit`,
      ),
    ];
  }

  #targetOf(name: string): Target | null {
    const inBlock = blockName.exec(name);
    if (inBlock !== null) {
      const [, layer = '', stem = '', expert, leaf = ''] = inBlock;
      const stacked = `${stem}_exps`;
      const place = expert === undefined ? this.#inBlock(stem, leaf) : this.#placeOf(this.family.block, stacked);
      if (place === null) return null;
      const [own, change] = expert === undefined ? [place.name, place.change] : [place.name.replace('{e}', expert), null];
      const isWhole = change?.endsWith('whole name') === true;
      const full = `${this.family.layers}.${layer}.${own}${isWhole ? '' : `.${leaf}`}`;
      return { name: full, change: changeOfLeaf(change, leaf), layer: Number(layer) };
    }
    const [, stem = '', leaf = ''] = outerName.exec(name) ?? [];
    const place = this.#placeOf(this.family.outer, stem);
    return place && { name: `${place.name}.${leaf}`, change: changeOfLeaf(place.change, leaf), layer: 0 };
  }

  /** A place may be that of one leaf: `ffn_down_exps.bias`. */
  #inBlock(stem: string, leaf: string): { readonly name: string; readonly change: Change | null } | null {
    return this.#placeOf(this.family.block, `${stem}.${leaf}`) ?? this.#placeOf(this.family.block, stem);
  }

  #placeOf(places: Readonly<Record<string, Place>>, stem: string): { readonly name: string; readonly change: Change | null } | null {
    const place = Object.hasOwn(places, stem) ? places[stem]! : null;
    return typeof place === 'string' ? { name: place, change: null } : place;
  }

  #apply(parameter: Parameter, { name, change, layer }: Target): readonly Parameter[] {
    if (change === null) return [{ ...parameter, name }];
    if (change === 'experts') return expertsOf(parameter, name) ?? [{ ...parameter, name: name.replace('.{e}', '') }];
    const values = withValues(parameter, name, (recipe) => undoChange(change, recipe, { facts: this.facts, layer }));
    if (values === null) this.#changed.push(parameter.name);
    return [values ?? parameter];
  }
}

/** Converters leave biases of norms as they are. */
function changeOfLeaf(change: Change | null, leaf: string): Change | null {
  return change === 'plus one' && leaf === 'bias' ? null : change;
}

/** The parameter with its values replaced; codes without a formula are given back as they are. Null where that cannot be done. */
function withValues(parameter: Parameter, name: string, change: (values: Recipe) => Recipe | null): Parameter | null {
  const { storage } = parameter;
  const values = storage.kind === 'codes' ? storage.recipe : storage;
  if (values === null) return { ...parameter, name };
  const recipe = change(values);
  if (recipe === null) return null;
  return { ...parameter, name, shape: shapeOf(recipe), storage: storage.kind === 'codes' ? { ...storage, recipe } : recipe };
}

/** Experts one by one: each is a run of bytes of its own. Null where they are not stacked, or their blocks are not known. */
function expertsOf({ shape, storage }: Parameter, name: string): readonly Parameter[] | null {
  const tensor = stackOf(storage);
  if (tensor === null || shape === null || shape.length < 2 || shape[0] === 0) return null;
  const count = shape[0]!;
  const ofOne = shape.slice(1);
  if (tensor.shape.length !== shape.length) return null;
  const elementCount = ofOne.reduce((product, size) => product * size, 1);
  return Array.from({ length: count }, (_, expert) => {
    const part = partOf(tensor, expert, count);
    return { name: name.replace('{e}', String(expert)), shape: ofOne, elementCount, storage: storageOf(storage, part) };
  });
}

function stackOf(storage: ParameterStorage): Tensor | null {
  if (storage.kind === 'stored') return storage.tensor;
  return storage.kind === 'codes' && storage.recipe?.kind === 'blocks' ? storage.recipe.tensor : null;
}

function partOf(tensor: Tensor, index: number, count: number): Tensor {
  const byteLength = tensor.byteLength / count;
  return {
    ...tensor,
    name: `${tensor.name}[${index}]`,
    shape: tensor.shape.slice(1),
    elementCount: tensor.elementCount / count,
    start: tensor.start + index * byteLength,
    byteLength,
    ...(tensor.blocks === undefined ? {} : { blocks: { ...tensor.blocks, shape: tensor.blocks.shape.slice(1) } }),
  };
}

function storageOf(storage: ParameterStorage, tensor: Tensor): ParameterStorage {
  if (storage.kind !== 'codes') return { kind: 'stored', tensor };
  const { recipe } = storage;
  const blocks = recipe?.kind === 'blocks' ? { ...recipe, tensor, shape: recipe.shape.slice(1) } : null;
  return { ...storage, parts: { codes: tensor }, recipe: blocks };
}
