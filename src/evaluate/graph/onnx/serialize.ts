import protobuf from 'protobufjs/minimal.js';
import type { Attribute, Dimension, ElementType, OnnxConstant, OnnxGraph, OnnxNode, OnnxPort } from './model.js';

type Writer = protobuf.Writer;

const irVersion = 10;
const standardOperators = { domain: '', version: 21 };
const microsoftOperators = { domain: 'com.microsoft', version: 1 };

/** `TensorProto.DataType`. */
const elementTypes: Readonly<Record<ElementType, number>> = { float32: 1, int64: 7, bool: 9 };
/** `AttributeProto.AttributeType`. */
const attributeTypes = { float: 1, integer: 2, text: 3, integers: 7 };

/** Wire types of protocol buffers. */
const varint = 0;
const delimited = 2;
const fixed32 = 5;

/** Bytes of an ONNX `ModelProto`. Field numbers are those of `onnx.proto`. */
export function serializeOnnx(graph: OnnxGraph): Uint8Array {
  const writer = protobuf.Writer.create();
  writer.uint32(tag(1, varint)).int64(irVersion);
  message(writer, 7, () => writeGraph(writer, graph));
  for (const { domain, version } of [standardOperators, microsoftOperators]) {
    message(writer, 8, () => {
      text(writer, 1, domain);
      writer.uint32(tag(2, varint)).int64(version);
    });
  }
  return writer.finish();
}

function writeGraph(writer: Writer, { nodes, constants, inputs, outputs }: OnnxGraph): void {
  for (const node of nodes) message(writer, 1, () => writeNode(writer, node));
  text(writer, 2, 'model-rebase');
  for (const constant of constants) message(writer, 5, () => writeConstant(writer, constant));
  for (const input of inputs) message(writer, 11, () => writePort(writer, input));
  for (const output of outputs) message(writer, 12, () => writePort(writer, output));
}

function writeNode(writer: Writer, { operator, domain, inputs, outputs, attributes }: OnnxNode): void {
  for (const input of inputs) text(writer, 1, input);
  for (const output of outputs) text(writer, 2, output);
  text(writer, 4, operator);
  for (const [name, value] of Object.entries(attributes)) message(writer, 5, () => writeAttribute(writer, name, value));
  text(writer, 7, domain);
}

function writeAttribute(writer: Writer, name: string, value: Attribute): void {
  text(writer, 1, name);
  if (typeof value === 'number') {
    writer.uint32(tag(3, varint)).int64(value);
    attributeType(writer, attributeTypes.integer);
  } else if ('float' in value) {
    writer.uint32(tag(2, fixed32)).float(value.float);
    attributeType(writer, attributeTypes.float);
  } else if ('text' in value) {
    text(writer, 4, value.text);
    attributeType(writer, attributeTypes.text);
  } else {
    for (const entry of value) writer.uint32(tag(8, varint)).int64(entry);
    attributeType(writer, attributeTypes.integers);
  }
}

function attributeType(writer: Writer, type: number): void {
  writer.uint32(tag(20, varint)).int32(type);
}

function writeConstant(writer: Writer, { name, type, dims, data }: OnnxConstant): void {
  for (const size of dims) writer.uint32(tag(1, varint)).int64(size);
  writer.uint32(tag(2, varint)).int32(elementTypes[type]);
  text(writer, 8, name);
  writer.uint32(tag(9, delimited)).bytes(data);
}

function writePort(writer: Writer, { name, type, dims }: OnnxPort): void {
  text(writer, 1, name);
  message(writer, 2, () => {
    message(writer, 1, () => {
      writer.uint32(tag(1, varint)).int32(elementTypes[type]);
      message(writer, 2, () => {
        for (const size of dims) message(writer, 1, () => writeDimension(writer, size));
      });
    });
  });
}

function writeDimension(writer: Writer, size: Dimension): void {
  if (typeof size === 'number') writer.uint32(tag(1, varint)).int64(size);
  else text(writer, 2, size);
}

function message(writer: Writer, field: number, write: () => void): void {
  writer.uint32(tag(field, delimited)).fork();
  write();
  writer.ldelim();
}

function text(writer: Writer, field: number, value: string): void {
  writer.uint32(tag(field, delimited)).string(value);
}

function tag(field: number, wireType: number): number {
  return (field << 3) | wireType;
}
