"""Makes three small versions of a model and what transfers between them must give, computed with numpy in float64.

  python3 scripts/goldens/combine_goldens.py      # writes test/goldens/combine/

Values are hard to round: magnitudes from 1e-45 to 1e38, denormals, infinities, NaN, signed zeros, and sums that lie
exactly between two stored values. The fine-tuned version has more vocabulary rows; base and target are padded with zero
rows there. Rounding is PyTorch's: float64 to float32 to the storage type, each to nearest even; NaN is the quiet one.
Needs numpy only; independent of the project's own kernels.
"""

import json
import struct
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parents[2] / "test" / "goldens" / "combine"
RNG = np.random.default_rng(20261124)
SCALES = {"1": 1.0, "0.3": 0.3, "-1": -1.0}
ROLES = ("base", "finetuned", "target")
COUNT = 517
SIZE = {"F64": np.float64, "F32": np.float32, "F16": np.float16, "BF16": np.uint16}


def to_bits(values, dtype):
    """Little-endian storage bits of float64 values."""
    if dtype == "F64":
        bits = values.view(np.uint64).copy()
        bits[np.isnan(values)] = 0x7FF8 << 48
        return bits
    narrow = values.astype(np.float32)
    if dtype == "F32":
        bits = narrow.view(np.uint32).copy()
        bits[np.isnan(narrow)] = 0x7FC00000
        return bits
    if dtype == "F16":
        bits = narrow.astype(np.float16).view(np.uint16).copy()
        bits[np.isnan(narrow)] = 0x7E00
        return bits
    u = narrow.view(np.uint32).astype(np.uint64)
    bits = ((u + 0x7FFF + ((u >> 16) & 1)) >> 16).astype(np.uint16)
    bits[np.isnan(narrow)] = 0x7FC0
    return bits


def to_values(bits, dtype):
    if dtype == "BF16":
        return (bits.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    return bits.view(SIZE[dtype]).astype(np.float64)


def hard(dtype):
    """The three versions' values, float64, before they are stored."""
    base = RNG.standard_normal(COUNT) * 0.02
    at = RNG.integers(0, COUNT, COUNT // 3)
    base[at] *= 10.0 ** RNG.integers(-43, 38, at.size)
    finetuned = base + RNG.standard_normal(COUNT) * 5e-4
    target = base + RNG.standard_normal(COUNT) * 3e-3
    other = RNG.integers(0, COUNT, COUNT // 8)
    finetuned[other] *= 10.0 ** RNG.integers(-20, 20, other.size)
    base[:12] = [np.inf, 1, np.nan, 0, -0.0, 1, -np.inf, 65504, 1e38, -1e38, 2**-149, 6e-8]
    finetuned[:12] = [np.inf, np.inf, 1, -0.0, 0, np.nan, 1, 65520, 3e38, 3e38, 2**-148, 2e-8]
    target[:12] = [1, 1, 1, -0.0, -0.0, 1, 1, 65504, 3e38, -3e38, -(2**-149), -6e-8]
    last = {"F64": 52, "F32": 23, "F16": 10, "BF16": 7}[dtype]
    for i in range(12, 60):  # halfway between two stored values, from even and odd ones, and just beside halfway
        target[i] = 1 + (i % 4) * 2.0**-last
        base[i] = 0
        finetuned[i] = 2.0 ** -(last + 1) * (1 + [0, 2.0**-6, -(2.0**-6)][i % 3])
    return dict(zip(ROLES, (base, finetuned, target)))


def tensors():
    """{name: (dtype, {role: stored bits of the tensor's shape})}"""
    out = {}
    for dtype in SIZE:
        out[f"model.layers.0.{dtype.lower()}.weight"] = (dtype, {r: to_bits(v, dtype) for r, v in hard(dtype).items()})
    for name, dtype in (("model.embed_tokens.weight", "BF16"), ("lm_head.weight", "F32")):
        rows = {"base": 20, "finetuned": 27, "target": 20}
        out[name] = (dtype, {r: to_bits(RNG.standard_normal(n * 6) * 0.02, dtype).reshape(n, 6) for r, n in rows.items()})
    return out


def combine(dtype, stored, scale):
    b, f, t = (to_values(stored[r].reshape(-1), dtype) for r in ROLES)
    b, t = (np.concatenate([v, np.zeros(f.size - v.size)]) for v in (b, t))
    delta = f - b
    return to_bits(t + (delta if scale == 1.0 else delta * scale), dtype).reshape(stored["finetuned"].shape)


def write(path, stored):
    header, offset, data = {}, 0, b""
    for name, (dtype, bits) in stored.items():
        raw = np.ascontiguousarray(bits).tobytes()
        header[name] = {"dtype": dtype, "shape": list(bits.shape), "data_offsets": [offset, offset + len(raw)]}
        offset, data = offset + len(raw), data + raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def main():
    made = tensors()
    for role in ROLES:
        write(FOLDER / role / "model.safetensors", {n: (d, s[role]) for n, (d, s) in made.items()})
    with np.errstate(over="ignore", invalid="ignore"):
        for name, scale in SCALES.items():
            write(FOLDER / f"expected{name}.safetensors", {n: (d, combine(d, s, scale)) for n, (d, s) in made.items()})


main()
