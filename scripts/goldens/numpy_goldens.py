"""Arrays that NumPy, ml_dtypes, MLX and Python's zipfile write, and what numpy.load finds in them: test/goldens/numpy.

    VENV/bin/python scripts/goldens/numpy_goldens.py        needs numpy, ml_dtypes, mlx[cpu]
"""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import ml_dtypes
import mlx.core as mx
import numpy as np

OUT = Path(__file__).resolve().parents[2] / "test" / "goldens" / "numpy"
OUT.mkdir(parents=True, exist_ok=True)
expected = {}


def facts(arrays):
    return {
        name: {"dtype": str(array.dtype), "shape": list(array.shape), "sha256": hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()}
        for name, array in arrays.items()
    }


def note(name, arrays, writer, **more):
    expected[name] = {"tensors": facts(arrays), "writer": writer, **more}


rng = np.random.default_rng(5)
arrays = {
    "layers.0.weight": rng.normal(size=(3, 4)).astype("<f4"),
    "fortran": np.asfortranarray(rng.normal(size=(2, 3, 4))),
    "half": rng.normal(size=5).astype("<f2"),
    "bfloat16": rng.normal(size=(2, 2)).astype(ml_dtypes.bfloat16),
    "f8": np.arange(4).astype(ml_dtypes.float8_e5m2),
    "scalar": np.array(2.5),
    "empty": np.zeros((0, 3), "<f4"),
    "bool": np.array([True, False]),
    "complex": np.array([1 + 2j], "<c8"),
    **{f"{kind}{bits}": np.arange(3, dtype=f"<{kind}{bits // 8}") for kind in "iu" for bits in (8, 16, 32, 64)},
}
np.savez(OUT / "numpy.npz", **arrays)
note("numpy.npz", arrays, f"numpy {np.__version__}, ml_dtypes {ml_dtypes.__version__}")

np.save(OUT / "one.npy", arrays["fortran"])
note("one.npy", {"array": arrays["fortran"]}, f"numpy {np.__version__}")
with open(OUT / "version2.npy", "wb") as file:
    np.lib.format.write_array(file, arrays["half"], version=(2, 0))
note("version2.npy", {"array": arrays["half"]}, f"numpy {np.__version__}, version 2.0")

ours = {"a.weight": mx.array([[1.5, -2.0], [3.0, 4.0]], dtype=mx.bfloat16), "b": mx.arange(5, dtype=mx.float16), "c": mx.array([1, 2], dtype=mx.uint32)}
mx.savez(str(OUT / "mlx.npz"), **ours)
as_numpy = {"a.weight": np.array(ours["a.weight"].astype(mx.float32)).astype(ml_dtypes.bfloat16), "b": np.array(ours["b"]), "c": np.array(ours["c"])}
note("mlx.npz", as_numpy, f"mlx {mx.__version__}")

body = io.BytesIO()
np.save(body, arrays["layers.0.weight"])
with zipfile.ZipFile(OUT / "zipfile.npz", "w") as archive:
    archive.writestr("w.npy", body.getvalue())
    archive.writestr("readme.txt", "x")
note("zipfile.npz", {"w": arrays["layers.0.weight"]}, "Python's zipfile")

header = b"{ \"shape\":(2, 3) , \"fortran_order\" : False,\"descr\":\"<f4\"}\n"
data = np.arange(6, dtype="<f4").reshape(2, 3)
(OUT / "other-writer.npy").write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + data.tobytes())
assert np.array_equal(np.load(OUT / "other-writer.npy"), data)
note("other-writer.npy", {"array": data}, "another order and other spaces in the header")

for name, message, values in [
    ("big-endian.npz", "not stored in little-endian", {"w": np.ones(3, ">f4")}),
    ("unnamed-float8.npz", "does not name", {"w": np.ones(3, ml_dtypes.float8_e4m3fn)}),
    ("double-complex.npz", "have no place", {"w": np.ones(3, "<c16")}),
]:
    np.savez(OUT / name, **values)
    expected[name] = {"refused": message, "writer": f"numpy {np.__version__}"}
np.savez_compressed(OUT / "compressed.npz", w=np.ones(3))
expected["compressed.npz"] = {"refused": "the archive is compressed", "writer": f"numpy {np.__version__}"}
np.savez(OUT / "no-numbers.npz", w=np.ones(2), names=np.array(["a", "b"]), things=np.array([None, {}], dtype=object))
note("no-numbers.npz", {"w": np.ones(2)}, f"numpy {np.__version__}")

(OUT / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
