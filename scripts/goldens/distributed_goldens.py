"""Folders of torch.distributed.checkpoint that four processes write, and the whole tensors in them: test/goldens/distributed.

    VENV/bin/python scripts/goldens/distributed_goldens.py        needs torch; 2.15 was used
"""

import hashlib
import json
import os
import shutil
from pathlib import Path

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
import torch.multiprocessing
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import Replicate, Shard, distribute_tensor

OUT = Path(__file__).resolve().parents[2] / "test" / "goldens" / "distributed"
WORLD = 4


def facts(state):
    found = {}
    for name, tensor in state.items():
        plain = tensor.detach().contiguous()
        data = bytes(plain.reshape(-1).view(torch.uint8).numpy())
        found[name] = {"dtype": str(plain.dtype).removeprefix("torch."), "shape": list(plain.shape), "sha256": hashlib.sha256(data).hexdigest()}
    return found


def model():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(5, 7), torch.nn.Linear(7, 3)).to(torch.bfloat16)


def save(rank, name, state, whole, expected):
    dcp.save(state, checkpoint_id=OUT / name)
    if rank == 0:
        expected[name] = {"tensors": facts(whole), "writer": f"torch {torch.__version__}"}


def run(rank):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29519", RANK=str(rank), WORLD_SIZE=str(WORLD))
    dist.init_process_group("gloo", rank=rank, world_size=WORLD)
    mesh = init_device_mesh("cpu", (WORLD,))
    expected = {}

    whole = model().state_dict()
    sharded = model()
    for layer in sharded:
        fully_shard(layer, mesh=mesh)
    fully_shard(sharded, mesh=mesh)
    optimizer = torch.optim.AdamW(sharded.parameters())
    state = sharded.state_dict()
    # as accelerate saves, with other things beside the model; and as torchtitan does, with the model at the top
    save(rank, "fsdp2", {"model": state, "step": 5, "extra": {"lr": 1e-3}}, whole, expected)
    sharded(torch.ones(2, 5, dtype=torch.bfloat16)).sum().backward()
    optimizer.step()
    moments = {f"state.{i}.exp_avg": entry["exp_avg"] for i, entry in optimizer.state_dict()["state"].items()}
    save(rank, "titan", {**state, "optimizer": moments, "train_state": {"step": 7}}, {k: v.full_tensor() for k, v in state.items()}, expected)

    grid = init_device_mesh("cpu", (2, 2))
    torch.manual_seed(1)
    w = torch.randn(6, 10)
    mixed = {
        "grid": distribute_tensor(w.clone(), grid, [Shard(0), Shard(1)]),
        "columns": distribute_tensor(w.clone(), mesh, [Shard(1)]),
        "replicated": distribute_tensor(w.clone(), mesh, [Replicate()]),
        "plain": w.clone(),
        "transposed": w.clone().t(),
        "cube": distribute_tensor(torch.arange(24.0).reshape(2, 3, 4), mesh, [Shard(2)]),
        "ints": torch.arange(4),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
    }
    full = {k: v.full_tensor() if hasattr(v, "full_tensor") else v for k, v in mixed.items()}
    save(rank, "mixed", mixed, full, expected)
    if rank == 0:
        (OUT / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    dist.destroy_process_group()


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    torch.multiprocessing.spawn(run, nprocs=WORLD)
