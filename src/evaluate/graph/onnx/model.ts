/** A small part of the ONNX format as plain data: what the graphs of this folder need. Names as in `onnx.proto`. */

export type ElementType = 'float32' | 'int64' | 'bool';

/** A named size is open until the graph runs. */
export type Dimension = number | string;

export type Attribute = number | { readonly float: number } | { readonly text: string } | readonly number[];

export interface OnnxNode {
  readonly operator: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** A bare number is an integer, a list is one of integers. */
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface OnnxConstant {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: Uint8Array;
}

export interface OnnxPort {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly Dimension[];
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
}
