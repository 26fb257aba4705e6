"""Writes test/unit/compute/goldens/statistics.json.gz: the statistics of hard value pairs, as numpy computes them.

    pip install numpy==2.4.6
    python scripts/goldens/statistics_goldens.py

Inputs are float64, base64 of their little-endian bytes. Sums are correctly rounded (`math.fsum`), the histogram is
sparse: bin -> count. `scaleProducts` and `scaleDelta` are Σ|ab| and Σ|Δ|, the scales of the signed sums' error.
"""
import base64
import gzip
import json
import math
from pathlib import Path

import numpy as np

TARGET = Path(__file__).parents[2] / "test/unit/compute/goldens/statistics.json.gz"
SPECIAL = np.array([0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 5e-324, -1e-310, 1e-45, 1e-40, -1e-39, 1.17549435e-38,
                    1e-30, 3e38, -3e38, 3.4028235e38, 3.4028236e38, 1e39, 1e-46, 6e-46, 8e-46, 0.1, np.float64(np.float32(0.1))])


def total(values):
    return math.fsum(values.tolist())


def statistics(a, b):
    finite = np.isfinite(a) & np.isfinite(b)
    x, y = a[finite], b[finite]
    delta = y - x
    magnitude = np.abs(delta)
    largest = magnitude.max(initial=0.0)
    changed = (a != b) & ~(np.isnan(a) & np.isnan(b))
    bins = np.where(delta == 0, 0, delta.astype("<f4").view("<u4") >> 23)
    occupied, counts = np.unique(bins, return_counts=True)
    first = np.flatnonzero(finite)[np.argmax(magnitude)] if largest > 0 else -1
    return {
        "sumSquaresA": total(x * x),
        "sumSquaresB": total(y * y),
        "sumProducts": total(x * y),
        "sumSquaresDelta": total(delta * delta),
        "sumDelta": total(delta),
        "maxAbsDelta": float(largest),
        "maxAbsDeltaIndex": int(first),
        "comparedCount": int(finite.sum()),
        "zeroCount": int((delta == 0).sum()),
        "changedCount": int(changed.sum()),
        "signFlips": int((np.sign(x) * np.sign(y) < 0).sum()),
        "nonFiniteA": int((~np.isfinite(a)).sum()),
        "nonFiniteB": int((~np.isfinite(b)).sum()),
        "histogram": {str(bin_): int(count) for bin_, count in zip(occupied, counts)},
        "scaleProducts": total(np.abs(x * y)),
        "scaleDelta": total(magnitude),
    }


def pairs():
    rng = np.random.default_rng(20250217)
    for size in (0, 1, 3, 63, 64, 65, 1000):
        a = rng.normal(0, 0.02, size)
        yield f"normal weights, {size}", a, a + rng.normal(0, 1e-4, size)
    grid = np.array(np.meshgrid(SPECIAL, SPECIAL)).reshape(2, -1)
    yield "every pair of special values", grid[0], grid[1]
    mixed = rng.normal(0, 1, (2, 500))
    mixed[:, ::7] = rng.choice(SPECIAL, (2, 72))
    yield "special values among others", mixed[0], mixed[1]
    yield "ties of the maximum", np.tile([1.0, 2.0, 5.0], 30), np.tile([2.0, 4.0, 3.0], 30)
    yield "identical", mixed[0], mixed[0]
    yield "all zero", np.zeros(100), -np.zeros(100)
    spread = rng.choice([-1, 1], 400) * 2.0 ** rng.integers(-160, 150, 400)
    yield "exponents of all sizes", spread, np.roll(spread, 1)
    yield "cancelling differences", np.zeros(200), np.tile([1e16, 1.0, -1e16, -1.0], 50)


def encoded(values):
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f8").tobytes()).decode()


def main():
    cases = [{"title": title, "a": encoded(a), "b": encoded(b), "expected": statistics(a, b)} for title, a, b in pairs()]
    TARGET.write_bytes(gzip.compress(json.dumps(cases, separators=(",", ":")).encode(), mtime=0))


if __name__ == "__main__":
    with np.errstate(all="ignore"):
        main()
