"""PyTorch checkpoints of several writers, and what torch.load finds in them: test/goldens/pytorch.

    VENV/bin/python scripts/goldens/pytorch_goldens.py [NAME]

With a NAME, only files of the PyTorch that runs this are written, into NAME-*, for a version of it that is to be kept. Without one,
everything else is remade: needs torch (2.15 was used), numpy, peft-like names only.
"""

import collections
import hashlib
import io
import json
import pickle
import random
import sys
import zipfile
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "test" / "goldens" / "pytorch"


def has(name):
    return hasattr(torch, name)


def tensors(legacy=False):
    torch.manual_seed(7)
    base = torch.arange(24.0).reshape(4, 6)
    all_ = {
        "embed.weight": torch.randn(5, 3),
        "layer.weight": torch.randn(3, 4).to(torch.bfloat16),
        "layer.bias": torch.randn(3).to(torch.float16),
        "double": torch.randn(2, 2, dtype=torch.float64),
        "transposed": base.t(),
        "slice": base[1:3, 2:5],
        "columns": base[:, ::2],
        "row": base[2],
        "expanded": torch.arange(3.0).expand(4, 3),
        "permuted": torch.randn(2, 3, 4).permute(2, 0, 1),
        "one": torch.arange(5.0).expand(1, 5),
        "scalar": torch.tensor(3.5),
        "empty": torch.zeros(0, 7),
        "int64": torch.arange(-2, 3),
        "int32": torch.arange(3, dtype=torch.int32),
        "int16": torch.arange(3, dtype=torch.int16),
        "int8": torch.arange(-1, 2, dtype=torch.int8),
        "uint8": torch.arange(3, dtype=torch.uint8),
        "bool": torch.tensor([True, False, True]),
        "complex": torch.tensor([1 + 2j, 3 - 4j]),
        "parameter": torch.nn.Parameter(torch.randn(2, 3)),
    }
    all_["tied.weight"] = all_["embed.weight"]
    if legacy:
        return all_  # torch.load itself does not read the others back from the older container
    for name, dtype in [("f8", "float8_e4m3fn"), ("f8e5", "float8_e5m2"), ("e8m0", "float8_e8m0fnu"), ("uint16", "uint16"), ("uint32", "uint32"), ("uint64", "uint64")]:
        if has(dtype):
            all_[name] = torch.arange(1, 5).to(getattr(torch, dtype))
    return all_


def facts(state):
    """Dtype, shape and the bytes in reading order of every tensor."""
    found = {}
    for name, tensor in state.items():
        plain = tensor.detach().contiguous()
        data = bytes(plain.reshape(-1).view(torch.uint8).numpy()) if plain.numel() > 0 else b""
        found[name] = {
            "dtype": str(plain.dtype).removeprefix("torch."),
            "shape": list(plain.shape),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
    return found


expected = {}


def keep(name, saved, state, part=None, **options):
    OUT.mkdir(parents=True, exist_ok=True)
    torch.save(saved, OUT / name, **options)
    loaded = torch.load(OUT / name, weights_only=False, map_location="cpu") if "weights_only" in torch.load.__code__.co_varnames else torch.load(OUT / name)
    assert type(loaded) is type(saved)
    expected[name] = {"tensors": facts(state), "writer": f"torch {torch.__version__}"}
    if part is not None:
        expected[name]["part"] = part


def refuse(name, saved, message, **options):
    torch.save(saved, OUT / name, **options)
    expected[name] = {"refused": message, "writer": f"torch {torch.__version__}"}


def of_this_version(prefix):
    state = tensors()
    keep(f"{prefix}-zip.bin", state, state)
    old = tensors(legacy=True)
    keep(f"{prefix}-legacy.bin", old, old, _use_new_zipfile_serialization=False)
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2), torch.nn.Sequential(torch.nn.Embedding(4, 2)))
    keep(f"{prefix}-module.pt", module, module.state_dict())
    keep(f"{prefix}-module-legacy.pt", module, module.state_dict(), _use_new_zipfile_serialization=False)


def lightning(state):
    parameter = torch.nn.Parameter(torch.ones(3))
    optimizer = torch.optim.AdamW([parameter])
    parameter.sum().backward()
    optimizer.step()
    return {
        "epoch": 3,
        "global_step": 120,
        "pytorch-lightning_version": "2.5.0",
        "state_dict": collections.OrderedDict(state),
        "loops": {"fit_loop": {"state_dict": {}, "epoch_progress": {"total": {"ready": 1}}}},
        "callbacks": {"ModelCheckpoint{'monitor': None}": {"best_model_score": torch.tensor(0.5)}},
        "optimizer_states": [optimizer.state_dict()],
        "lr_schedulers": [],
        "hparams_name": "kwargs",
        "hyper_parameters": {"lr": np.float64(1e-3), "sizes": torch.Size([2, 3]), "dtype": torch.bfloat16, "path": Path("/data/x")},
        "rng": {"numpy": np.random.get_state(), "python": random.getstate()},
    }


class Storage:
    def __init__(self, kind, key, count):
        self.id = ("storage", kind, key, "cpu", count)


def without_torch():
    """An archive that Python's own pickle and zipfile write of NumPy arrays, as small exporters do."""
    arrays = {"a.weight": np.arange(12, dtype="<f4").reshape(3, 4), "b.bias": np.array([1, 2, 3], dtype="<f2"), "c": np.arange(4, dtype="<i8")}
    kinds = {"<f4": torch.FloatStorage, "<f2": torch.HalfStorage, "<i8": torch.LongStorage}

    class Rebuild:
        def __init__(self, key, array):
            self.key, self.array = key, array

        def __reduce__(self):
            strides = tuple(step // self.array.itemsize for step in self.array.strides)
            storage = Storage(kinds[self.array.dtype.str], self.key, self.array.size)
            return torch._utils._rebuild_tensor_v2, (storage, 0, self.array.shape, strides, False, collections.OrderedDict())

    class Pickler(pickle.Pickler):
        def persistent_id(self, thing):
            return thing.id if isinstance(thing, Storage) else None

    for protocol in (2, 4):
        body = io.BytesIO()
        Pickler(body, protocol=protocol).dump({name: Rebuild(str(i), array) for i, (name, array) in enumerate(arrays.items())})
        name = f"python-protocol{protocol}.pt"
        with zipfile.ZipFile(OUT / name, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("weights/data.pkl", body.getvalue())
            for i, array in enumerate(arrays.values()):
                archive.writestr(f"weights/data/{i}", array.tobytes())
            archive.writestr("weights/version", "3\n")
        loaded = torch.load(OUT / name, weights_only=False)
        assert all(np.array_equal(loaded[key].numpy(), array) for key, array in arrays.items())
        expected[name] = {"tensors": facts(loaded), "writer": f"Python {sys.version.split()[0]} without torch.save"}
    with zipfile.ZipFile(OUT / "python-compressed.pt", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("weights/data.pkl", body.getvalue())
        for i, array in enumerate(arrays.values()):
            archive.writestr(f"weights/data/{i}", array.tobytes())
    expected["python-compressed.pt"] = {"refused": "the archive is compressed", "writer": "Python's zipfile"}


def nested():
    state = {"w": torch.randn(2, 2), "b": torch.zeros(2)}
    other = {"w": torch.ones(2, 2), "b": torch.ones(2)}
    keep("nested-model.pth", {"model": state, "optimizer": {"state": {0: {"m": torch.ones(2)}}, "param_groups": []}, "epoch": 1}, state)
    keep("nested-twice.pth", {"model": {"state_dict": state}, "step": 3}, state)
    keep("nested-ema.pt", {"model": state, "ema": other}, other, part="ema")
    keep("nested-ema-first.pt", {"state_dict_ema": other, "state_dict": state}, state)
    keep("two-models.pt", {"encoder": state, "decoder": other}, {f"encoder.{k}": v for k, v in state.items()} | {f"decoder.{k}": v for k, v in other.items()})
    tree = {"model": {"language_model": {"embedding": {"weight": torch.ones(3, 2)}, "encoder": {"layers.0.w": torch.zeros(2)}}}, "iteration": 5}
    keep("megatron.pt", tree, {"language_model.embedding.weight": torch.ones(3, 2), "language_model.encoder.layers.0.w": torch.zeros(2)})
    keep("lone.pt", torch.ones(3), {"tensor": torch.ones(3)})
    keep("textual-inversion.bin", {"<cat>": torch.ones(4)}, {"<cat>": torch.ones(4)})


def refused():
    import torch.distributed as dist
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import Replicate, distribute_tensor

    module = torch.nn.Linear(2, 2)
    optimizer = torch.optim.Adam(module.parameters())
    module(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    refuse("optimizer.pt", optimizer.state_dict(), "the state of an optimizer")
    refuse("scheduler.pt", torch.optim.lr_scheduler.StepLR(optimizer, 5).state_dict(), "learning rate schedule")
    refuse("rng_state.pth", {"python": random.getstate(), "numpy": np.random.get_state(), "cpu": torch.get_rng_state()}, "random number generators")
    refuse("scaler.pt", torch.amp.GradScaler("cpu").state_dict(), "gradient scaler")
    refuse("quantised.pt", {"w": torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8)}, "quantised")
    refuse("sparse.pt", {"w": torch.eye(3).to_sparse()}, "sparse")
    refuse("complex128.pt", {"w": torch.ones(2, dtype=torch.complex128)}, "ComplexDoubleStorage")
    refuse("conjugate.pt", {"w": torch.tensor([1 + 2j]).conj()}, "conjugate")
    refuse("list.pt", [1, 2], "a list without tensors")
    refuse("meta.pt", {"w": torch.ones(2, device="meta")}, "meta")
    torch.jit.script(module).save(str(OUT / "script.pt"))
    expected["script.pt"] = {"refused": "TorchScript", "writer": f"torch {torch.__version__}"}
    dist.init_process_group("gloo", init_method="tcp://127.0.0.1:29511", rank=0, world_size=1)
    sharded = distribute_tensor(torch.ones(4, 2), init_device_mesh("cpu", (1,)), [Replicate()])
    refuse("model_world_size_1_rank_0.pt", {"w": sharded}, "DTensor")
    dist.destroy_process_group()


def main():
    if len(sys.argv) > 1:
        of_this_version(sys.argv[1])
        path = OUT / "expected.json"
        known = json.loads(path.read_text())
        path.write_text(json.dumps(known | expected, indent=1) + "\n")
        return
    version = torch.__version__.split("+")[0]
    of_this_version(f"torch-{version}")
    state = tensors()
    for protocol in (3, 4, 5):
        keep(f"protocol{protocol}.pt", state, state, pickle_protocol=protocol)
    old = tensors(legacy=True)
    for protocol in (3, 4):
        keep(f"protocol{protocol}-legacy.pt", old, old, pickle_protocol=protocol, _use_new_zipfile_serialization=False)
    keep("lightning.ckpt", lightning(state), state)
    keep("lightning-legacy.ckpt", lightning(old), old, _use_new_zipfile_serialization=False)
    nested()
    without_torch()
    refused()
    (OUT / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


main()
