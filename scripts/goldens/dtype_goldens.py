"""Writes test/unit/compute/goldens/dtypes.json: what numpy and ml_dtypes say stored values mean.

    pip install numpy==2.4.6 ml_dtypes==0.6.0
    python scripts/goldens/dtype_goldens.py

Per dtype `cases`: hexadecimal little-endian bytes and the values they stand for, as float64 (non-finite ones as
strings). `exhaustive`: SHA-256 of the float64 values of every 16-bit pattern in order, every NaN written as
0x7ff8000000000000.
"""
import hashlib
import json
import math
from pathlib import Path

import ml_dtypes
import numpy as np

TARGET = Path(__file__).parents[2] / "test/unit/compute/goldens/dtypes.json"

EIGHT_BIT = {"F8_E4M3": ml_dtypes.float8_e4m3fn, "F8_E5M2": ml_dtypes.float8_e5m2}
SIXTEEN_BIT = {"F16": np.float16, "BF16": ml_dtypes.bfloat16}
WIDE = {
    "F64": (np.float64, [0.0, -0.0, 1.5, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, math.inf, -math.inf, math.nan, 0.1]),
    "F32": (np.float32, [0.0, -0.0, 1.5, 1e-45, -1.1754944e-38, 3.4028235e38, math.inf, -math.inf, math.nan, 0.1]),
    "I8": (np.int8, [0, 1, -1, 127, -128]),
    "U8": (np.uint8, [0, 1, 128, 255]),
    "I16": (np.int16, [0, 258, -2, 32767, -32768]),
    "U16": (np.uint16, [0, 258, 32768, 65535]),
    "I32": (np.int32, [0, 16909060, -2, 2**31 - 1, -(2**31), 16777217]),
    "U32": (np.uint32, [0, 16909060, 2**31, 2**32 - 1]),
    "I64": (np.int64, [0, 1, -1, 2**53 + 1, 2**53 + 3, -(2**53) - 1, 2**63 - 1, -(2**63), 72623859790382856]),
    "U64": (np.uint64, [0, 1, 2**53 + 1, 2**53 + 3, 2**63, 2**64 - 1, 2**64 - 1025, 2**63 + 1024, 2**63 + 1025]),
    "BOOL": (np.bool_, [False, True]),
}


def number(value):
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return "-0" if value == 0 and math.copysign(1, value) < 0 else value


def case(array):
    little = array.astype(array.dtype.newbyteorder("<")) if array.dtype.byteorder == ">" else array
    return {"bytes": little.tobytes().hex(), "values": [number(float(v)) for v in array.astype(np.float64)]}


def exhaustive(dtype):
    values = np.arange(65536, dtype=np.uint16).view(dtype).astype(np.float64)
    bits = values.view(np.uint64).copy()
    bits[np.isnan(values)] = 0x7FF8000000000000
    return hashlib.sha256(bits.astype("<u8").tobytes()).hexdigest()


def main():
    cases = {name: case(np.arange(256, dtype=np.uint8).view(dtype)) for name, dtype in EIGHT_BIT.items()}
    cases |= {name: case(np.array(values, dtype=dtype)) for name, (dtype, values) in WIDE.items()}
    golden = {"cases": cases, "exhaustive": {name: exhaustive(dtype) for name, dtype in SIXTEEN_BIT.items()}}
    TARGET.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    with np.errstate(all="ignore"):
        main()
