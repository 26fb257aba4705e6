"""Files that a version of this program saves, for tests that later versions still open them: test/goldens/saved.

Run with the command line of the version to be kept, e.g. after checking it out and building it:

    python3 scripts/goldens/saved_files.py /path/to/that/dist/cli.js

Files of versions that are kept already stay as they are: give the new ones names of their own.
"""

import json
import math
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "test" / "goldens" / "saved"
HOME = "/home/me"


def write(path, tensors):
    header, data = {}, b""
    for name, dtype, shape, content in tensors:
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def f32(*values):
    return struct.pack(f"<{len(values)}f", *values)


def make_inputs(folder):
    for name in ["base-1", "base-2", "finetuned-1"]:
        shutil.copytree(ROOT / "samples" / name, folder / name)
    (folder / "short.txt").write_bytes((ROOT / "samples" / "text" / "english.txt").read_bytes()[:20000])
    quiz = [("The file is", " open", " nothing at all"), ("A function returns", " a value", " the the the"), ("for i in", " range", " %%%")]
    lines = [json.dumps({"prompt": prompt, "choices": list(choices), "answer": 0}) for prompt, *choices in quiz]
    (folder / "quiz.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "matrix.json").write_text(
        '{ "versions": [{ "name": "v1", "base": "base-1", "finetuned": "finetuned-1" }, { "base": "base-2" }] }\n'
    )
    (folder / "score.sh").write_text("echo 0.5\n")
    # every status of a tensor, values that are not finite, and names that look like numbers
    shared = [("same", "F32", [2], f32(1, 2)), ("removed", "F32", [1], f32(1))]
    write(
        folder / "odd-a" / "model.safetensors",
        [
            *shared,
            ("NaN", "F32", [2], f32(0, 0)),
            ("grown", "F32", [2, 2], f32(1, 2, 3, 4)),
            ("retyped", "F32", [1], f32(1)),
            ("reshaped", "F32", [4], f32(1, 2, 3, 4)),
            ("unread", "F8_E8M0", [4], b"abcd"),
            ("bad", "F32", [2], f32(math.inf, 1)),
            ("Infinity", "F32", [1], f32(3)),
            ("shrunk", "F32", [3, 1], f32(1, 2, 3)),
        ],
    )
    write(
        folder / "odd-b" / "model.safetensors",
        [
            shared[0],
            ("NaN", "F32", [2], f32(1, 0)),
            ("grown", "F32", [3, 2], f32(1, 2, 3, 5, 0, 0)),
            ("retyped", "BF16", [1], b"\x80\x3f"),
            ("reshaped", "F32", [5], f32(1, 2, 3, 4, 5)),
            ("added", "F32", [1], f32(1)),
            ("unread", "F8_E8M0", [4], b"abce"),
            ("bad", "F32", [2], f32(math.nan, 1)),
            ("Infinity", "F32", [1], f32(4)),
            ("shrunk", "F32", [2, 1], f32(1, 9)),
        ],
    )
    shutil.copytree(folder / "base-1", folder / "broken")
    path = folder / "broken" / "model.safetensors"
    data = bytearray(path.read_bytes())
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    start = 8 + length + header["model.layers.0.input_layernorm.weight"]["data_offsets"][0]
    data[start : start + 2] = b"\xc0\x7f"
    path.write_bytes(data)


def main():
    cli = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve() / "models"
        folder.mkdir()
        make_inputs(folder)

        def run(*words):
            subprocess.run(["node", cli, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        scoring = ["--task", "short.txt", "--task", "quiz.jsonl", "--window", "64", "--limit", "6", "--no-cache"]
        one_task = ["--task", "short.txt", "--window", "64", "--no-cache"]
        roles = ["--finetuned", "finetuned-1", "--base", "base-1"]
        run("diff", "base-1", "finetuned-1", "--out", "finetuned.modeldiff.json")
        run("diff", "odd-a", "odd-b", "--prefix-map", "z.=y.", "--out", "statuses.modeldiff.json")
        run("curve", "base-1", "base-2", *scoring, "--points", "4", "--adaptive", "1", "--out", "curve.connectivity.json")
        path = ["--path", "transferred", "--base", "base-1"]
        run("curve", "finetuned-1", "base-2", *path, *scoring, "--points", "3", "--out", "transferred.connectivity.json")
        grid = ["--points", "3", "--from=-0.5", "--to", "1"]
        run("sweep", *roles, "--target", "base-2", *scoring, *grid, "--out", "sweep.connectivity.json")
        run("matrix", "matrix.json", *scoring, "--out", "matrix.connectivity.json")
        grid = ["--points", "3", "--from", "0", "--to", "1"]
        run("plane", "base-1", "base-2", "finetuned-1", *one_task, "--limit", "2", *grid, "--out", "plane.connectivity.json")
        command = ["--command", "sh score.sh {model}", "--lower-is-better", "--no-geometry", "--no-cache"]
        run("curve", "base-1", "base-2", *command, "--points", "3", "--out", "command.connectivity.json")
        run("curve", "base-1", "broken", *one_task, "--limit", "4", "--points", "3", "--out", "nan.connectivity.json")
        run("delta", *roles, "--out", "diff-vector")
        odd = ["--target", "odd-a", "--finetuned", "odd-b", "--base", "odd-a"]
        try:
            run("transfer", *odd, "--skip-mismatched", "--out", "infinity")
        except subprocess.CalledProcessError:
            pass  # version 0.1.0 wrote the output and then could not read its manifest back
        run("recycle", "init", "two-rounds.lineage.json", *one_task[:-1], "--limit", "2", "--", "cp", "-r", "{start}", "{out}")
        add = ["recycle", "add", "two-rounds.lineage.json"]
        run(*add, "--name", "v1", "--base", "base-1", "--finetuned", "finetuned-1")
        run(*add, "--name", "v2", "--base", "base-2")
        run("recycle", "run", "two-rounds.lineage.json", "--no-cache")

        OUT.mkdir(parents=True, exist_ok=True)
        for name in ["diff-vector", "infinity"]:
            shutil.copy(folder / name / "model-rebase.json", folder / f"{name}.manifest.json")
        for pattern in ["*.modeldiff.json", "*.connectivity.json", "*.lineage.json", "*.manifest.json"]:
            for file in folder.glob(pattern):
                (OUT / file.name).write_text(file.read_text().replace(str(folder.parent), HOME))


main()
