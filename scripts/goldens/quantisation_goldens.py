"""Writes test/goldens/quantised/<case>/: tiny quantised models, and what their formulas say their weights are.

    pip install numpy==2.4.6 ml_dtypes==0.6.0 safetensors==0.7.0 compressed-tensors bitsandbytes "mlx[cpu]" torch
    python scripts/goldens/quantisation_goldens.py

Each folder has `model.safetensors` as a tool of that scheme lays it out, `config.json`, and `expected.safetensors` with the value of
every quantised weight as float32, formed here with numpy alone from the published formula: in float64, then rounded to the dtype of the
scales (float32 where those are finer or narrower). `libraries.json` records how far the libraries' own results lie from that.
"""
import json
import shutil
import struct
from pathlib import Path

import ml_dtypes
import numpy as np

TARGET = Path(__file__).parents[2] / "test/goldens/quantised"
BF16, E4M3, E5M2 = ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e5m2
FP4 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6])
NAMES = {
    np.dtype(np.float64): "F64", np.dtype(np.float32): "F32", np.dtype(np.float16): "F16", np.dtype(BF16): "BF16",
    np.dtype(E4M3): "F8_E4M3", np.dtype(E5M2): "F8_E5M2", np.dtype(np.int64): "I64", np.dtype(np.int32): "I32",
    np.dtype(np.int8): "I8", np.dtype(np.uint8): "U8", np.dtype(np.uint32): "U32",
}
P = "model.layers.0.mlp.up_proj."
CASES = {}


def case(name):
    def register(make):
        CASES[name] = make
        return make
    return register


def rng(seed):
    return np.random.default_rng(seed)


def rounded(values, like):
    """Float64 values rounded through float32 to the dtype of the scales; float32 where that is finer or narrower."""
    single = np.asarray(values, np.float64).astype(np.float32)
    return single.astype(like).astype(np.float32) if np.dtype(like) in (np.dtype(np.float16), np.dtype(BF16)) else single


def spread(scales, block, shape):
    """Scales of blocks over the last two axes, one for each value."""
    rows = np.repeat(scales.astype(np.float64), block[0], -2)[..., : shape[-2], :]
    return np.repeat(rows, block[1], -1)[..., : shape[-1]]


def pack_words(codes, bits, axis, order=None):
    """Codes of 4 or 8 bits into int32 words along an axis."""
    per = 32 // bits
    codes = np.moveaxis(codes.astype(np.uint32), axis, 0)
    codes = codes.reshape(codes.shape[0] // per, per, *codes.shape[1:])
    words = np.zeros((codes.shape[0], *codes.shape[2:]), np.uint32)
    for place in range(per):
        words |= codes[:, order[place] if order else place] << np.uint32(bits * place)
    return np.ascontiguousarray(np.moveaxis(words, 0, axis)).view(np.int32)


def pack_stream(codes, bits, axis):
    """Codes of any width into uint32 words along an axis, as one little-endian stream of bits."""
    codes = np.moveaxis(codes, axis, -1).astype(np.uint8)
    stream = ((codes[..., None] >> np.arange(bits)) & 1).reshape(*codes.shape[:-1], -1)
    packed = np.packbits(stream, axis=-1, bitorder="little")
    return np.ascontiguousarray(np.moveaxis(np.ascontiguousarray(packed).view(np.uint32), -1, axis))


def nibbles(codes, high_first=False):
    low, high = (codes[..., 1::2], codes[..., 0::2]) if high_first else (codes[..., 0::2], codes[..., 1::2])
    return (low | (high << 4)).astype(np.uint8)


@case("block-fp8")
def block_fp8():
    r = rng(1)
    codes = (r.standard_normal((200, 150)) * 40).astype(np.float32).astype(E4M3)
    scales = (r.random((2, 2)) * 1e-3 + 1e-4).astype(np.float32)
    value = codes.astype(np.float64) * spread(scales, (128, 128), codes.shape)
    config = {"quantization_config": {"quant_method": "fp8", "weight_block_size": [128, 128], "fmt": "e4m3"}}
    return {P + "weight": codes, P + "weight_scale_inv": scales}, {P + "weight": rounded(value, np.float32)}, config


@case("block-fp8-bf16-scales")
def block_fp8_bf16():
    r = rng(2)
    codes = (r.standard_normal((64, 96)) * 40).astype(np.float32).astype(E4M3)
    scales = (r.random((2, 3)) * 1e-3 + 1e-4).astype(np.float32).astype(BF16)
    value = codes.astype(np.float64) * spread(scales, (32, 32), codes.shape)
    config = {"quantization_config": {"quant_method": "fp8", "weight_block_size": [32, 32]}}
    return {P + "weight": codes, P + "weight_scale_inv": scales}, {P + "weight": rounded(value, BF16)}, config


@case("fp8-tensor")
def fp8_tensor():
    r = rng(3)
    codes = (r.standard_normal((48, 40)) * 60).astype(np.float32).astype(E4M3)
    scale = np.float32(0.0021)
    tensors = {P + "weight": codes, P + "weight_scale": np.array(scale), P + "input_scale": np.array(np.float32(0.1))}
    return tensors, {P + "weight": rounded(codes.astype(np.float64) * np.float64(scale), np.float32)}, {
        "quantization_config": {"quant_method": "fp8", "activation_scheme": "static"}}


@case("fp8-channel")
def fp8_channel():
    r = rng(4)
    codes = (r.standard_normal((48, 40)) * 60).astype(np.float32).astype(E4M3)
    scales = (r.random((48, 1)) * 1e-2).astype(np.float32).astype(BF16)
    value = codes.astype(np.float64) * scales.astype(np.float64)
    config = {"quantization_config": {"quant_method": "compressed-tensors", "format": "float-quantized",
              "config_groups": {"group_0": {"weights": {"num_bits": 8, "type": "float", "strategy": "channel"}, "targets": ["Linear"]}}}}
    return {P + "weight": codes, P + "weight_scale": scales}, {P + "weight": rounded(value, BF16)}, config


def gptq(bits, group, v2, act_order, seed, scale_dtype=np.float16):
    r = rng(seed)
    inputs, outputs = 128, 64
    groups = inputs // group
    codes = r.integers(0, 2**bits, (inputs, outputs))
    zeros = r.integers(1, 2**bits, (groups, outputs))
    scales = (r.random((groups, outputs)) * 0.01 + 0.001).astype(scale_dtype)
    index = (r.permutation(inputs) // group if act_order else np.arange(inputs) // group).astype(np.int32)
    value = (codes - zeros[index]) * scales.astype(np.float64)[index]
    pack = (lambda x, axis: pack_words(x, bits, axis)) if bits in (4, 8) else (lambda x, axis: pack_stream(x, bits, axis).view(np.int32))
    tensors = {P + "qweight": pack(codes, 0), P + "qzeros": pack(zeros if v2 else zeros - 1, 1), P + "scales": scales, P + "g_idx": index}
    config = {"quantization_config": {"quant_method": "gptq", "bits": bits, "group_size": group, "desc_act": act_order,
              "sym": False, "checkpoint_format": "gptq_v2" if v2 else "gptq"}}
    return tensors, {P + "weight": rounded(value, scale_dtype).T.copy()}, config


case("gptq-4bit")(lambda: gptq(4, 32, False, False, 5))
case("gptq-4bit-act-order")(lambda: gptq(4, 32, False, True, 6))
case("gptq-4bit-v2")(lambda: gptq(4, 64, True, False, 7))
case("gptq-8bit")(lambda: gptq(8, 32, False, True, 8))
case("gptq-3bit")(lambda: gptq(3, 32, False, False, 9))
case("gptq-2bit-bf16")(lambda: gptq(2, 64, False, False, 10, BF16))


@case("awq-4bit")
def awq():
    r = rng(11)
    inputs, outputs, group = 128, 64, 32
    codes = r.integers(0, 16, (inputs, outputs))
    zeros = r.integers(0, 16, (inputs // group, outputs))
    scales = (r.random((inputs // group, outputs)) * 0.01 + 0.001).astype(np.float16)
    value = (codes - np.repeat(zeros, group, 0)) * np.repeat(scales.astype(np.float64), group, 0)
    order = [0, 2, 4, 6, 1, 3, 5, 7]
    tensors = {P + "qweight": pack_words(codes, 4, 1, order), P + "qzeros": pack_words(zeros, 4, 1, order), P + "scales": scales}
    config = {"quantization_config": {"quant_method": "awq", "bits": 4, "group_size": group, "version": "gemm", "zero_point": True}}
    return tensors, {P + "weight": rounded(value, np.float16).T.copy()}, config


NF4 = np.array([-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
                -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
                0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0], np.float32)


def bnb4(kind, nested, dtype, seed, shape=(40, 64)):
    r = rng(seed)
    block = 64
    count = shape[0] * shape[1]
    codes = r.integers(0, 16, count + count % 2)
    table = NF4 if kind == "nf4" else (np.array([0, 0.0625, 8, 12, 4, 6, 2, 3, -0.0, -0.0625, -8, -12, -4, -6, -2, -3], np.float32) / 12).astype(np.float32)
    blocks = -(-count // block)
    name = P + "weight"
    state = {"quant_type": kind, "blocksize": block, "dtype": dtype, "shape": list(shape)}
    tensors = {name: nibbles(codes, high_first=True)[:, None], name + ".quant_map": table}
    if nested:
        inner, offset = 256, 0.0625
        absmax_codes = r.integers(0, 256, blocks).astype(np.uint8)
        code_book = np.sort(r.uniform(-1, 1, 256)).astype(np.float32)
        nested_absmax = (r.random(-(-blocks // inner)) * 0.01 + 0.01).astype(np.float32)
        absmax = code_book.astype(np.float64)[absmax_codes] * np.repeat(nested_absmax.astype(np.float64), inner)[:blocks] + offset
        state |= {"nested_blocksize": inner, "nested_dtype": "float32", "nested_offset": offset}
        tensors |= {name + ".absmax": absmax_codes, name + ".nested_absmax": nested_absmax, name + ".nested_quant_map": code_book}
    else:
        absmax = (r.random(blocks) * 0.05 + 0.01).astype(np.float32)
        tensors[name + ".absmax"] = absmax
    tensors[name + ".quant_state.bitsandbytes__" + kind] = np.frombuffer(json.dumps(state).encode(), np.uint8).copy()
    value = table.astype(np.float64)[codes[:count]] * np.repeat(np.asarray(absmax, np.float64), block)[:count]
    like = {"bfloat16": BF16, "float16": np.float16, "float32": np.float32}[dtype]
    config = {"quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": True, "bnb_4bit_quant_type": kind, "bnb_4bit_use_double_quant": nested}}
    return tensors, {name: rounded(value, like).reshape(shape)}, config


case("bnb-nf4")(lambda: bnb4("nf4", False, "bfloat16", 12))
case("bnb-nf4-nested")(lambda: bnb4("nf4", True, "float16", 13))
case("bnb-fp4")(lambda: bnb4("fp4", False, "float32", 14))
# On a CPU the library decodes these wrongly (rows that are no whole number of blocks): not compared with it.
case("bnb-nf4-odd-rows")(lambda: bnb4("nf4", False, "bfloat16", 31, (41, 47)))


@case("bnb-int8")
def bnb8():
    r = rng(15)
    codes = r.integers(-127, 128, (24, 36)).astype(np.int8)
    scales = (r.random(24) * 0.3 + 0.1).astype(np.float32)
    value = codes * (scales.astype(np.float64)[:, None]) * (1 / 127)
    tensors = {P + "weight": codes, P + "SCB": scales, P + "weight_format": np.array(0, np.uint8)}
    return tensors, {P + "weight": rounded(value, np.float32)}, {"quantization_config": {"quant_method": "bitsandbytes", "load_in_8bit": True}}


def compressed(fmt, weights, tensors, value, like):
    config = {"quantization_config": {"quant_method": "compressed-tensors", "format": fmt,
              "config_groups": {"group_0": {"weights": weights, "targets": ["Linear"]}}}}
    return tensors, {P + "weight": rounded(value, like)}, config


@case("ct-int-quantized")
def ct_int():
    r = rng(16)
    codes = r.integers(-128, 128, (24, 36)).astype(np.int8)
    scales = (r.random((24, 1)) * 0.01).astype(np.float32).astype(BF16)
    zeros = r.integers(-20, 20, (24, 1)).astype(np.int8)
    value = (codes.astype(np.float64) - zeros) * scales.astype(np.float64)
    tensors = {P + "weight": codes, P + "weight_scale": scales, P + "weight_zero_point": zeros}
    return compressed("int-quantized", {"num_bits": 8, "type": "int", "strategy": "channel", "symmetric": False}, tensors, value, BF16)


def ct_pack(bits, asymmetric, act_order, seed):
    r = rng(seed)
    rows, columns, group = 48, 128, 32
    offset = 2 ** (bits - 1)
    codes = r.integers(-offset, offset, (rows, columns))
    scales = (r.random((rows, columns // group)) * 0.01 + 0.001).astype(np.float32).astype(BF16)
    zeros = r.integers(-offset, offset, scales.shape) if asymmetric else np.zeros(scales.shape, int)
    index = (r.permutation(columns) // group if act_order else np.arange(columns) // group).astype(np.int32)
    value = (codes - zeros[:, index]) * scales.astype(np.float64)[:, index]
    tensors = {P + "weight_packed": pack_words(codes + offset, bits, 1), P + "weight_scale": scales,
               P + "weight_shape": np.array([rows, columns], np.int64)}
    if asymmetric:
        tensors[P + "weight_zero_point"] = pack_words(zeros + offset, bits, 0)
    if act_order:
        tensors[P + "weight_g_idx"] = index
    weights = {"num_bits": bits, "type": "int", "strategy": "group", "group_size": group, "symmetric": not asymmetric}
    return compressed("pack-quantized", weights, tensors, value, BF16)


case("ct-pack-4bit")(lambda: ct_pack(4, False, False, 17))
case("ct-pack-4bit-asymmetric")(lambda: ct_pack(4, True, False, 18))
case("ct-pack-8bit-act-order")(lambda: ct_pack(8, False, True, 19))


@case("ct-nvfp4")
def ct_nvfp4():
    r = rng(20)
    codes = r.integers(0, 16, (32, 64))
    scales = (r.random((32, 4)) * 200 + 1).astype(np.float32).astype(E4M3)
    global_scale = np.array([1500.0], np.float32)
    value = FP4[codes] * spread(scales, (1, 16), codes.shape) / 1500.0
    tensors = {P + "weight_packed": nibbles(codes), P + "weight_scale": scales, P + "weight_global_scale": global_scale}
    weights = {"num_bits": 4, "type": "float", "strategy": "tensor_group", "group_size": 16}
    return compressed("nvfp4-pack-quantized", weights, tensors, value, np.float32)


@case("modelopt-nvfp4")
def modelopt_nvfp4():
    r = rng(21)
    codes = r.integers(0, 16, (32, 64))
    scales = (r.random((32, 4)) * 200 + 1).astype(np.float32).astype(E4M3)
    value = FP4[codes] * spread(scales, (1, 16), codes.shape) * np.float64(np.float32(3e-4))
    tensors = {P + "weight": nibbles(codes), P + "weight_scale": scales, P + "weight_scale_2": np.array(3e-4, np.float32)}
    return tensors, {P + "weight": rounded(value, np.float32)}, {"quantization_config": {"quant_method": "modelopt", "quant_algo": "NVFP4"}}


@case("mxfp4-experts")
def mxfp4():
    r = rng(22)
    experts, outputs, inputs = 3, 16, 64
    codes = r.integers(0, 16, (experts, outputs, inputs // 32, 32))
    exponents = r.integers(110, 130, codes.shape[:3]).astype(np.uint8)
    value = FP4[codes] * np.exp2(exponents.astype(np.float64) - 127)[..., None]
    name = "model.layers.0.mlp.experts.gate_up_proj"
    tensors = {name + "_blocks": nibbles(codes), name + "_scales": exponents}
    return tensors, {name: rounded(value.reshape(experts, outputs, inputs).transpose(0, 2, 1), np.float32).copy()}, {
        "model_type": "gpt_oss", "quantization_config": {"quant_method": "mxfp4"}}


@case("mxfp8")
def mxfp8():
    r = rng(23)
    codes = (r.standard_normal((16, 64)) * 60).astype(np.float32).astype(E4M3)
    exponents = r.integers(110, 130, (16, 2)).astype(np.uint8)
    value = codes.astype(np.float64) * np.repeat(np.exp2(exponents.astype(np.float64) - 127), 32, -1)
    return {P + "weight": codes, P + "weight_scale": exponents}, {P + "weight": rounded(value, np.float32)}, {
        "quantization_config": {"quant_method": "modelopt", "quant_algo": "MXFP8"}}


def mlx_affine(bits, group, dtype, seed):
    r = rng(seed)
    codes = r.integers(0, 2**bits, (24, 128))
    scales = (r.random((24, 128 // group)) * 0.01 + 0.001).astype(np.float32).astype(dtype)
    biases = (r.standard_normal(scales.shape) * 0.05).astype(np.float32).astype(dtype)
    value = codes * np.repeat(scales.astype(np.float64), group, -1) + np.repeat(biases.astype(np.float64), group, -1)
    tensors = {P + "weight": pack_stream(codes, bits, -1), P + "scales": scales, P + "biases": biases}
    return tensors, {P + "weight": rounded(value, dtype)}, {"quantization": {"group_size": group, "bits": bits}}


case("mlx-4bit")(lambda: mlx_affine(4, 64, np.float16, 24))
case("mlx-8bit-bf16")(lambda: mlx_affine(8, 32, BF16, 25))
case("mlx-2bit")(lambda: mlx_affine(2, 32, np.float16, 26))
case("mlx-3bit")(lambda: mlx_affine(3, 64, np.float32, 27))
case("mlx-5bit")(lambda: mlx_affine(5, 32, np.float16, 28))
case("mlx-6bit")(lambda: mlx_affine(6, 64, np.float16, 29))


@case("mlx-mxfp4")
def mlx_mxfp4():
    r = rng(30)
    codes = r.integers(0, 16, (24, 64))
    exponents = r.integers(110, 130, (24, 2)).astype(np.uint8)
    value = FP4[codes] * np.repeat(np.exp2(exponents.astype(np.float64) - 127), 32, -1)
    tensors = {P + "weight": np.ascontiguousarray(nibbles(codes)).view(np.uint32), P + "scales": exponents}
    return tensors, {P + "weight": rounded(value, np.float32)}, {"quantization": {"group_size": 32, "bits": 4, "mode": "mxfp4"}}


def write(path, tensors):
    head, blobs, at = {}, [], 0
    for name, array in tensors.items():
        raw = np.ascontiguousarray(array).tobytes()
        head[name] = {"dtype": NAMES[array.dtype], "shape": list(array.shape), "data_offsets": [at, at + len(raw)]}
        at += len(raw)
        blobs.append(raw)
    header = json.dumps(head).encode()
    header += b" " * (-len(header) % 8)
    path.write_bytes(struct.pack("<Q", len(header)) + header + b"".join(blobs))


def main():
    shutil.rmtree(TARGET, ignore_errors=True)
    for name, make in CASES.items():
        tensors, expected, config = make()
        folder = TARGET / name
        folder.mkdir(parents=True)
        plain = (rng(99).standard_normal(32) * 0.1 + 1).astype(np.float32).astype(BF16)
        write(folder / "model.safetensors", {**tensors, "model.layers.0.input_layernorm.weight": plain})
        write(folder / "expected.safetensors", expected)
        (folder / "config.json").write_text(json.dumps({"model_type": "llama", **config}, indent=1) + "\n")

    (TARGET / "libraries.json").write_text(json.dumps(compare_libraries(), indent=1) + "\n")


def read(path):
    from safetensors.torch import load_file
    return load_file(path)


def with_bitsandbytes(tensors, _):
    import bitsandbytes as bnb
    name = P + "weight"
    statistics = {k[len(name) + 1:]: v for k, v in tensors.items() if k.startswith(name + ".")}
    state = bnb.functional.QuantState.from_dict(statistics, device="cpu")
    return bnb.functional.dequantize_4bit(tensors[name], state), f"bitsandbytes {bnb.__version__}"


def with_mlx(tensors, config):
    import mlx.core as mx
    from importlib.metadata import version
    settings = config["quantization"]
    part = lambda leaf: None if P + leaf not in tensors else mx.array(tensors[P + leaf].float().numpy()).astype(
        {"torch.float16": mx.float16, "torch.bfloat16": mx.bfloat16, "torch.float32": mx.float32, "torch.uint8": mx.uint8}[str(tensors[P + leaf].dtype)])
    words = mx.array(tensors[P + "weight"].view(__import__("torch").int32).numpy().view(np.uint32))
    value = mx.dequantize(words, part("scales"), part("biases"), settings["group_size"], settings["bits"], settings.get("mode", "affine"))
    return __import__("torch").from_numpy(np.array(value.astype(mx.float32))), f"mlx {version('mlx')}"


def with_compressed_tensors(tensors, config):
    from importlib.metadata import version
    from compressed_tensors.compressors import pack_quantized
    from compressed_tensors.quantization.lifecycle.forward import dequantize
    weights = config["quantization_config"]["config_groups"]["group_0"]["weights"]
    zeros = tensors.get(P + "weight_zero_point")
    codes = tensors.get(P + "weight")
    if codes is None:
        shape = __import__("torch").Size(tensors[P + "weight_shape"].tolist())
        codes = pack_quantized.unpack_from_int32(tensors[P + "weight_packed"], weights["num_bits"], shape)
        if zeros is not None:
            zeros = pack_quantized.unpack_from_int32(zeros, weights["num_bits"], tensors[P + "weight_scale"].shape, packed_dim=0)
    from compressed_tensors.quantization import QuantizationArgs
    value = dequantize(codes, tensors[P + "weight_scale"], zeros, args=QuantizationArgs(**weights))
    return value, f"compressed-tensors {version('compressed-tensors')}"


def with_transformers_mxfp4(tensors, _):
    import torch, transformers
    from transformers.integrations.mxfp4 import convert_moe_packed_tensors
    name = "model.layers.0.mlp.experts.gate_up_proj"
    value = convert_moe_packed_tensors(tensors[name + "_blocks"], tensors[name + "_scales"], dtype=torch.bfloat16)
    return value, f"transformers {transformers.__version__}"


LIBRARIES = {"bnb-nf4": with_bitsandbytes, "bnb-nf4-nested": with_bitsandbytes, "bnb-fp4": with_bitsandbytes, "mxfp4-experts": with_transformers_mxfp4,
             **{name: with_compressed_tensors for name in CASES if name.startswith("ct-") and "nvfp4" not in name and "act-order" not in name}, "fp8-channel": with_compressed_tensors,
             **{name: with_mlx for name in CASES if name.startswith("mlx-")}}


def compare_libraries():
    """How far each library's own values lie from ours: the largest difference over the largest value, and how many differ."""
    report = {}
    for name, run in LIBRARIES.items():
        folder = TARGET / name
        config = json.loads((folder / "config.json").read_text())
        (expected,) = read(folder / "expected.safetensors").values()
        try:
            value, version = run(read(folder / "model.safetensors"), config)
        except Exception as error:
            report[name] = {"error": f"{type(error).__name__}: {error}"[:200]}
            continue
        difference = (value.float() - expected).abs()
        report[name] = {"library": version, "largest difference": float(difference.max() / expected.abs().max()),
                        "share of values that differ": float((difference > 0).float().mean())}
    return report


main()
