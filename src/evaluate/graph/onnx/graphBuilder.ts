import { createHash } from 'node:crypto';
import type { Graph } from '../modelGraph.js';
import type { Attribute, Dimension, ElementType, OnnxConstant, OnnxNode, OnnxPort } from './model.js';
import { serializeOnnx } from './serialize.js';

/** A value inside a graph, by its name. */
export type Value = string;

type Attributes = Readonly<Record<string, Attribute>>;

/** Collects the nodes of one ONNX graph in the order they run, and serialises them. */
export class GraphBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #constants = new Map<string, OnnxConstant>();
  readonly #inputs: OnnxPort[] = [];
  readonly #outputs: OnnxPort[] = [];
  /** Names of outputs by the value they are. */
  readonly #outputNames = new Map<Value, string>();

  input(name: string, dims: readonly Dimension[], type: ElementType = 'float32'): Value {
    this.#inputs.push({ name, type, dims });
    return name;
  }

  /** A standard operator with one output. */
  node(operator: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    return this.#add(operator, '', inputs, attributes, 1)[0]!;
  }

  /** An operator of onnxruntime's own with one output. */
  microsoftNode(operator: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    return this.#add(operator, 'com.microsoft', inputs, attributes, 1)[0]!;
  }

  /** Parts of `value` along its last axis, of these sizes. */
  split(value: Value, sizes: readonly number[]): Value[] {
    return this.#add('Split', '', [value, this.integers(sizes)], { axis: -1 }, sizes.length);
  }

  /** A constant list of int64. */
  integers(values: readonly number[]): Value {
    const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.#constant({ name: `int64 ${values.join(',')}`, type: 'int64', dims: [values.length], data });
  }

  /** A constant int64 without dimensions. */
  integer(value: number): Value {
    const data = new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
    return this.#constant({ name: `int64 scalar ${value}`, type: 'int64', dims: [], data });
  }

  /** A constant float32 without dimensions. */
  scalar(value: number): Value {
    return this.#constant({ name: `float32 ${value}`, type: 'float32', dims: [], data: new Uint8Array(Float32Array.of(value).buffer) });
  }

  /** `value` with these sizes; 0 keeps the size at that place, -1 takes what is left. */
  reshape(value: Value, sizes: readonly number[]): Value {
    return this.node('Reshape', [value, this.integers(sizes)]);
  }

  /** Makes a node's value an output of this name. */
  output(name: string, value: Value, dims: readonly Dimension[], type: ElementType = 'float32'): void {
    this.#outputs.push({ name, type, dims });
    this.#outputNames.set(value, name);
  }

  /** The serialised graph; its id is a hash of its bytes. */
  build(): Graph {
    const named = (values: readonly Value[]) => values.map((value) => this.#outputNames.get(value) ?? value);
    const nodes = this.#nodes.map((node) => ({ ...node, inputs: named(node.inputs), outputs: named(node.outputs) }));
    const constants = [...this.#constants.values()];
    const bytes = serializeOnnx({ nodes, constants, inputs: this.#inputs, outputs: this.#outputs });
    return { id: createHash('sha256').update(bytes).digest('hex'), bytes };
  }

  #add(operator: string, domain: string, inputs: readonly Value[], attributes: Attributes, outputCount: number): Value[] {
    const outputs = Array.from({ length: outputCount }, (_, i) => `${operator} ${this.#nodes.length}.${i}`);
    this.#nodes.push({ operator, domain, inputs, outputs, attributes });
    return outputs;
  }

  #constant(constant: OnnxConstant): Value {
    this.#constants.set(constant.name, constant);
    return constant.name;
  }
}
