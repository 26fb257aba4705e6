"""Makes two small checkpoints and what a comparison of them must find, computed with numpy in float64.

  python3 scripts/goldens/diff_goldens.py      # writes test/goldens/diff/{a,b}.safetensors and expected.json

The files hold every status a tensor can have and values that are hard to sum: magnitudes from 1e-38 to 1e38,
denormals, infinities, NaN, signed zeros. Needs numpy only; independent of the project's own reader and kernels.
"""

import json
import struct
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parents[2] / "test" / "goldens" / "diff"
RNG = np.random.default_rng(20261123)


def bf16_bits(values):
    """Rounds float32 to bfloat16, ties to even; NaN stays NaN."""
    u = values.astype(np.float32).view(np.uint32)
    rounded = ((u + 0x7FFF + ((u >> 16) & 1)) >> 16).astype(np.uint16)
    rounded[np.isnan(values)] = 0x7FC0
    return rounded


STORE = {
    "BF16": bf16_bits,
    "F16": lambda v: v.astype(np.float16),
    "F32": lambda v: v.astype(np.float32),
    "F64": lambda v: v.astype(np.float64),
    "I64": lambda v: v.astype(np.int64),
    "U8": lambda v: v.astype(np.uint8),
    "BOOL": lambda v: (v > 0).astype(np.uint8),
}


def load(bits, dtype):
    """Stored values as float64."""
    if dtype == "BF16":
        return (bits.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    return bits.astype(np.float64)


def plain(shape, drift):
    a = RNG.standard_normal(shape) * 0.02
    return a, a + RNG.standard_normal(shape) * drift


def hard(shape):
    """Values of all magnitudes; some pairs equal, some of opposite sign, a few not finite."""
    a, b = plain(shape, 1e-3)
    scale = 10.0 ** RNG.integers(-38, 38, shape)
    a, b = a * scale, b * scale * RNG.choice([1.0, 1.0, -1.0, 1e-3], shape)
    flat_a, flat_b = a.reshape(-1), b.reshape(-1)
    flat_b[::7] = flat_a[::7]
    flat_a[3], flat_b[5], flat_a[11], flat_b[11] = np.nan, np.inf, np.nan, np.nan
    flat_a[13], flat_b[13], flat_a[17], flat_b[17] = 0.0, -0.0, -np.inf, -np.inf
    return a, b


def tensors():
    """Yields name, dtype and values on each side; None where a side lacks the tensor."""
    a, b = plain((96, 40), 5e-4)
    yield "model.embed_tokens.weight", ("BF16", a), ("BF16", np.concatenate([b, RNG.standard_normal((7, 40))]))
    for layer in range(3):
        prefix = f"model.layers.{layer}."
        a, b = plain((70, 50), 1e-3 * (layer + 1))
        yield prefix + "self_attn.q_proj.weight", ("BF16", a), ("BF16", b)
        a, b = hard((33, 67))
        dtype = ("BF16", "F16", "F32")[layer]
        yield prefix + "mlp.up_proj.weight", (dtype, a), (dtype, b)
        a, b = plain((129,), 1e-7 if layer == 1 else 0.0)
        yield prefix + "input_layernorm.weight", ("F32", a + 1), ("F32", b + 1)
    a, b = plain((40, 20), 1e-3)
    yield "retyped", ("F16", a), ("BF16", b)
    a, b = hard((257,))
    yield "wide", ("F64", a), ("F64", b)
    a = RNG.integers(-(2**52), 2**52, 65)
    yield "counts", ("I64", a), ("I64", a + RNG.integers(-3, 4, 65))
    yield "bytes", ("U8", np.arange(200)), ("U8", np.arange(200)[::-1].copy())
    yield "mask", ("BOOL", np.arange(64) % 3), ("BOOL", np.arange(64) % 2)
    yield "empty", ("F32", np.zeros((0, 8))), ("F32", np.zeros((0, 8)))
    yield "reshaped", ("F32", np.zeros(4)), ("F32", np.zeros(8))
    yield "removed", ("F32", np.ones(4)), None
    yield "added", None, ("F32", np.ones(4))


def statistics(x, y):
    """The definitions of DeltaStatistics, one line each."""
    finite = np.isfinite(x) & np.isfinite(y)
    changed = int(((x != y) & ~(np.isnan(x) & np.isnan(y))).sum())
    a, b = x[finite], y[finite]
    d = b - a
    with np.errstate(over="ignore", under="ignore"):
        narrow = d.astype(np.float32)
    exponent = np.where(np.isinf(narrow), 128, (narrow.view(np.uint32) >> 23 & 0xFF).astype(int) - 127)
    bins = {f"{sign}{e}": int(((exponent == e) & (np.sign(d) == s)).sum()) for s, sign in ((1, "+"), (-1, "-")) for e in np.unique(exponent[np.sign(d) == s])}
    largest = float(np.abs(d).max()) if d.size else 0.0
    norm = lambda v: float(np.sqrt((v * v).sum()))
    na, nb, nd = norm(a), norm(b), norm(d)
    return {
        "comparedCount": int(finite.sum()),
        "normA": na,
        "normB": nb,
        "normDelta": nd,
        "relativeChange": nd / na if na else 0.0,
        "cosine": float((a * b).sum() / (na * nb)) if na and nb else "NaN",
        "maxAbsDelta": largest,
        "maxAbsDeltaIndex": int(np.flatnonzero(finite)[np.abs(d).argmax()]) if largest > 0 else None,
        "meanDelta": float(d.mean()) if d.size else 0.0,
        "meanAbsDelta": float(np.abs(d).mean()) if d.size else 0.0,
        "changedCount": changed,
        "signFlips": int((((a > 0) & (b < 0)) | ((a < 0) & (b > 0))).sum()),
        "nonFiniteA": int((~np.isfinite(x)).sum()),
        "nonFiniteB": int((~np.isfinite(y)).sum()),
        "zero": int((d == 0).sum()),
        "bins": bins,
    }


def status(a, b, stats):
    if a is None or b is None:
        return "added" if a is None else "removed"
    if a[1].shape != b[1].shape:
        return "grown" if a[1].ndim > 1 else "reshaped"
    if a[0] != b[0]:
        return "retyped"
    return "changed" if stats["changedCount"] else "identical"


def write(path, stored):
    header, offset, data = {}, 0, b""
    for name, dtype, bits in stored:
        raw = np.ascontiguousarray(bits).tobytes()
        header[name] = {"dtype": dtype, "shape": list(bits.shape), "data_offsets": [offset, offset + len(raw)]}
        offset, data = offset + len(raw), data + raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    sides, expected = {"a": [], "b": []}, {}
    with np.errstate(over="ignore", invalid="ignore"):
        for name, a, b in tensors():
            bits = {side: (v[0], STORE[v[0]](v[1])) for side, v in (("a", a), ("b", b)) if v is not None}
            for side, (dtype, stored) in bits.items():
                sides[side].append((name, dtype, stored))
            stats = {}
            if len(bits) == 2 and (a[1].shape == b[1].shape or a[1].ndim > 1):
                count = min(a[1].size, b[1].size)
                stats = statistics(*(load(stored, dtype).reshape(-1)[:count] for dtype, stored in bits.values()))
            expected[name] = {"status": status(a, b, stats), **stats}
    for side, stored in sides.items():
        write(FOLDER / f"{side}.safetensors", stored)
    (FOLDER / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


main()
