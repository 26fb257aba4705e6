"""What the reference implementation of safetensors decides about every file of the test corpus.

The corpus is made by test/unit/checkpoint/corpus (TypeScript, seeded); the oracle is the `safetensors` package from
PyPI, a binding of the Rust crate. Both of its ways in are asked about every file and must agree: `deserialize`, over
bytes in memory, and `safe_open`, over a file. The golden holds what the test needs to run without Python.

    python3 -m venv VENV && VENV/bin/pip install safetensors numpy
    VENV/bin/python scripts/goldens/safetensors_oracle.py
"""

import base64
import collections
import hashlib
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

import safetensors

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "test/goldens/safetensors/oracle.json"
EMIT = "test/unit/checkpoint/corpus/emitCorpus.ts"
BLOCK = 1000


def main():
    with tempfile.TemporaryDirectory() as folder:
        emitted = pathlib.Path(folder) / "corpus.bin"
        subprocess.run(["node", "--import", "tsx", EMIT, str(emitted)], cwd=ROOT, check=True)
        files = list(read_corpus(emitted))
        verdicts = [judge(file, pathlib.Path(folder) / "file.safetensors") for file in files]
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text(json.dumps(golden(files, verdicts), indent=2) + "\n")


def read_corpus(path):
    data = path.read_bytes()
    position = 0
    while position < len(data):
        (length,) = struct.unpack_from("<I", data, position)
        yield data[position + 4 : position + 4 + length]
        position += 4 + length


def judge(file, path):
    """(None, content) for an accepted file, (kind of error, None) for a refused one."""
    path.write_bytes(file)
    error, tensors = attempt(lambda: safetensors.deserialize(file))
    error_of_file, metadata = attempt(lambda: metadata_of(path))
    if (error is None) != (error_of_file is None):
        sys.exit(f"deserialize says {error}, safe_open says {error_of_file}: {file!r}")
    return (kind_of(error), None) if error else (None, content(tensors, metadata))


def attempt(action):
    try:
        return None, action()
    except Exception as error:  # the binding raises several types; any of them is a refusal
        return str(error), None


def metadata_of(path):
    with safetensors.safe_open(path, framework="numpy") as opened:
        return opened.metadata() or {}


def kind_of(message):
    """The message without what differs from file to file."""
    message = message.removeprefix("Error while deserializing: ")
    message = re.sub(r" at line \d+ column \d+$", "", message)
    message = re.sub(r"(string|integer|floating point|boolean) [`\"].*?[`\"],", r"\1,", message, flags=re.S)
    message = re.sub(r"`[^`]*`", "`...`", message, flags=re.S)
    return re.split(r", expected one of|; expected|invalid utf-8|incomplete utf-8", re.sub(r"\d+", "N", message))[0]


def content(tensors, metadata):
    """Every tensor and metadata entry on a line, ordered by the UTF-8 bytes of its name."""
    lines = [f"{name}\0{info['dtype']}\0{','.join(map(dimension, info['shape']))}\0{info['data'].hex()}\n" for name, info in tensors]
    lines += [f"{key}\0{value}\n" for key, value in metadata.items()]
    return b"".join(sorted(line.encode() for line in lines))


def dimension(size):
    """Dimensions above 2^53 are kept as float64 by the program under test."""
    return str(int(float(size)))


def golden(files, verdicts):
    accepted = [error is None for error, _ in verdicts]
    bits = bytes(sum(accepted[start + bit] << bit for bit in range(min(8, len(files) - start))) for start in range(0, len(files), 8))
    kinds = collections.Counter(error or "accepted" for error, _ in verdicts)
    return {
        "oracle": f"safetensors {safetensors.__version__} from PyPI: deserialize and safe_open, which agreed on every file",
        "size": len(files),
        "corpusSha256": digest(files),
        "accepted": base64.b64encode(bits).decode(),
        "contentSha256": [digest(content or b"" for _, content in verdicts[start : start + BLOCK]) for start in range(0, len(files), BLOCK)],
        "outcomes": dict(sorted(kinds.items())),
    }


def digest(parts):
    """SHA-256 over the parts, each after its length in four bytes."""
    total = hashlib.sha256()
    for part in parts:
        total.update(struct.pack("<I", len(part)) + part)
    return total.hexdigest()


main()
