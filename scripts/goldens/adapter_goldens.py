"""Writes test/goldens/adapters/: tiny bases, adapters of every variant that is applied, and the weights of base + adapter.

    pip install torch transformers==5.24.0 peft==0.21.2 safetensors numpy "mlx[cpu]" mlx-lm
    python scripts/goldens/adapter_goldens.py

`bases/<name>` are models of transformers. Each other folder has an adapter as peft or mlx-lm saves it, `base.txt` with the name of its
base, and `expected.safetensors`: the weights that differ from the base's, merged by the library itself in float64 (peft), or worked
out in numpy from the formula of mlx-lm's `fuse`, whose own float32 result is held to it.

`adapter_goldens.py --check` (after `npm run build`) loads what `transfer --as adapter` writes into peft, and holds its merge to the goldens.
"""
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.numpy import load_file, save_file
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    GPT2Config,
    GptOssConfig,
    LlamaConfig,
    MixtralConfig,
)

TARGET = Path(__file__).parents[2] / "test/goldens/adapters"
BASES = TARGET / "bases"


def bases():
    common = dict(vocab_size=20, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2)
    yield "llama", LlamaConfig(**common, num_key_value_heads=1, attention_bias=True, tie_word_embeddings=False)
    yield "gpt2", GPT2Config(vocab_size=20, n_embd=16, n_layer=1, n_head=2, n_positions=16)
    yield "mixtral", MixtralConfig(**{**common, "num_hidden_layers": 1}, num_key_value_heads=1, num_local_experts=3)
    yield "gpt_oss", GptOssConfig(
        **{**common, "num_hidden_layers": 1, "intermediate_size": 16}, num_key_value_heads=1, head_dim=8, num_local_experts=3
    )


def write_bases():
    for seed, (name, config) in enumerate(bases()):
        torch.manual_seed(seed)
        model = AutoModelForCausalLM.from_config(config)
        model.save_pretrained(BASES / name)
        # Experts as the model's code has them: transformers writes those of Mixtral one by one.
        save_file({key: value.numpy() for key, value in model.state_dict().items()}, BASES / name / "model.safetensors", {"format": "pt"})
        (BASES / name / "generation_config.json").unlink(missing_ok=True)


LAYER = dict(r=4, lora_alpha=6, target_modules=["q_proj", "down_proj"])
CASES = {
    "lora": ("llama", LAYER),
    "patterns-rslora": (
        "llama",
        dict(LAYER, use_rslora=True, rank_pattern={"layers.1.self_attn.q_proj": 2}, alpha_pattern={r"layers\.\d\.mlp.down_proj": 3}),
    ),
    "some-layers": ("llama", dict(LAYER, layers_to_transform=[1])),
    "dora": ("llama", dict(LAYER, use_dora=True)),
    "embedding": ("llama", dict(r=4, lora_alpha=6, target_modules=["embed_tokens", "v_proj"])),
    "embedding-dora": ("llama", dict(r=4, lora_alpha=6, target_modules=["embed_tokens", "v_proj"], use_dora=True)),
    "saved-modules": ("llama", dict(LAYER, modules_to_save=["lm_head", "norm"])),
    "biases": ("llama", dict(LAYER, bias="all")),
    "biases-lora-only": ("llama", dict(r=4, lora_alpha=6, target_modules=["q_proj"], bias="lora_only")),
    "lora-bias": ("llama", dict(r=4, lora_alpha=6, target_modules=["q_proj"], lora_bias=True)),
    "trained-tokens": ("llama", dict(LAYER, trainable_token_indices={"embed_tokens": [3, 4, 17]})),
    "conv1d": ("gpt2", dict(r=4, lora_alpha=6, target_modules=["c_attn", "c_proj"], fan_in_fan_out=True)),
    "conv1d-dora": ("gpt2", dict(r=4, lora_alpha=6, target_modules=["c_attn", "c_proj"], fan_in_fan_out=True, use_dora=True)),
    "experts": ("mixtral", dict(r=2, lora_alpha=6, target_modules=[], target_parameters=["experts.gate_up_proj", "experts.down_proj"])),
    "experts-one": ("mixtral", dict(r=2, lora_alpha=6, target_modules=["q_proj"], target_parameters=["mlp.experts.down_proj"])),
    "experts-transposed": ("gpt_oss", dict(r=2, lora_alpha=6, target_modules=[], target_parameters=["experts.gate_up_proj", "experts.down_proj"])),
}


def randomise(model, seed):
    """Trained-looking values, also for what starts as the base's."""
    torch.manual_seed(seed)
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            with torch.no_grad():
                scale = 0.05 if "magnitude" in name or "norm" in name else 0.3
                parameter.add_(scale * torch.randn_like(parameter))


def write_peft(name, seed):
    base, config = CASES[name]
    folder = TARGET / name
    model = AutoModelForCausalLM.from_pretrained(BASES / base)
    adapted = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", init_lora_weights=name != "x", **config))
    randomise(adapted, seed)
    adapted.save_pretrained(folder)
    finish(folder, base, merged_by_peft(base, folder))


def merged_by_peft(base, folder):
    model = AutoModelForCausalLM.from_pretrained(BASES / base, dtype=torch.float64)
    merged = PeftModel.from_pretrained(model, folder, autocast_adapter_dtype=False)
    for parameter in merged.parameters():
        assert parameter.dtype == torch.float64
    state = merged.merge_and_unload().state_dict()
    return {key: value.numpy() for key, value in state.items()}


def finish(folder, base, merged):
    (folder / "README.md").unlink(missing_ok=True)
    settings = json.loads((folder / "adapter_config.json").read_text())
    if "base_model_name_or_path" in settings:
        settings["base_model_name_or_path"] = base
    for key in ("target_modules", "target_parameters"):
        if isinstance(settings.get(key), list):
            settings[key] = sorted(settings[key])
    (folder / "adapter_config.json").write_text(json.dumps(settings, indent=1, sort_keys=True) + "\n")
    (folder / "base.txt").write_text(base + "\n")
    stored = load_file(BASES / base / "model.safetensors")
    changed = {
        key: np.ascontiguousarray(value, np.float64)
        for key, value in merged.items()
        if key in stored and not np.array_equal(stored[key].astype(np.float64), value)
    }
    assert changed
    save_file(changed, folder / "expected.safetensors")


def write_mlx(name, kind):
    """As mlx-lm's `save` of trained layers lays them out; values from a generator."""
    random = np.random.default_rng(7)
    stored = load_file(BASES / "llama" / "model.safetensors")
    scale, rank = 5.0, 3
    tensors, merged = {}, {}
    for module in ("model.layers.1.self_attn.q_proj", "model.layers.1.mlp.down_proj", "model.embed_tokens"):
        weight = stored[module + ".weight"]
        is_embedding = module.endswith("embed_tokens")
        rows, columns = weight.shape
        a = (0.1 * random.standard_normal((rows if is_embedding else columns, rank))).astype(np.float32)
        b = (0.1 * random.standard_normal((rank, columns if is_embedding else rows))).astype(np.float32)
        tensors[module + ".lora_a"], tensors[module + ".lora_b"] = a, b
        delta = scale * (a.astype(np.float64) @ b.astype(np.float64))
        total = weight.astype(np.float64) + (delta if is_embedding else delta.T)
        if kind == "dora":
            m = (1 + 0.1 * random.standard_normal(rows)).astype(np.float32)
            tensors[module + ".m"] = m
            total = total * (m.astype(np.float64) / np.linalg.norm(total, axis=1))[:, None]
        merged[module + ".weight"] = total
        check_mlx(kind, module, weight, a, b, scale, tensors.get(module + ".m"), total)
    folder = TARGET / name
    folder.mkdir(parents=True)
    save_file(tensors, folder / "adapters.safetensors")
    settings = {"fine_tune_type": kind, "lora_parameters": {"rank": rank, "scale": scale, "dropout": 0.0}, "model": "llama", "num_layers": 1}
    (folder / "adapter_config.json").write_text(json.dumps(settings))
    finish(folder, "llama", {**{key: value.astype(np.float64) for key, value in stored.items()}, **merged})


def check_mlx(kind, module, weight, a, b, scale, m, expected):
    """The library's own fused weight."""
    import mlx.core as mx
    import mlx.nn as nn
    from mlx_lm.tuner.dora import DoRAEmbedding, DoRALinear
    from mlx_lm.tuner.lora import LoRAEmbedding, LoRALinear

    is_embedding = module.endswith("embed_tokens")
    plain = nn.Embedding(*weight.shape) if is_embedding else nn.Linear(weight.shape[1], weight.shape[0], bias=False)
    plain.weight = mx.array(weight)
    layer_type = {("lora", False): LoRALinear, ("lora", True): LoRAEmbedding, ("dora", False): DoRALinear, ("dora", True): DoRAEmbedding}
    layer = layer_type[kind, is_embedding].from_base(plain, r=a.shape[1], scale=scale)
    layer.lora_a, layer.lora_b = mx.array(a), mx.array(b)
    if m is not None:
        layer.m = mx.array(m)
    fused = np.array(layer.fuse().weight)
    assert np.abs(fused - expected).max() < 1e-5, (module, np.abs(fused - expected).max())


def write_mlx_experts():
    import mlx.core as mx
    from mlx_lm.models.switch_layers import SwitchLinear
    from mlx_lm.tuner.lora import LoRASwitchLinear

    random = np.random.default_rng(9)
    name = "model.layers.0.mlp.experts.down_proj"
    weight = load_file(BASES / "mixtral" / "model.safetensors").get(name)
    experts, rows, columns = (3, 16, 24) if weight is None else weight.shape
    a = (0.1 * random.standard_normal((experts, 2, columns))).astype(np.float32)
    b = (0.1 * random.standard_normal((experts, rows, 2))).astype(np.float32)
    weight = random.standard_normal((experts, rows, columns)).astype(np.float32)
    expected = weight + 4.0 * np.einsum("eor,eri->eoi", b.astype(np.float64), a.astype(np.float64))
    plain = SwitchLinear(columns, rows, experts, bias=False)
    plain.weight = mx.array(weight)
    layer = LoRASwitchLinear.from_base(plain, r=2, scale=4.0)
    layer.lora_a, layer.lora_b = mx.array(a), mx.array(b)
    fused = np.array(layer.fuse().weight)
    assert np.abs(fused - expected).max() < 1e-5
    module = "model.layers.0.mlp.switch_mlp.down_proj"
    folder, base = TARGET / "mlx-experts", BASES / "mlx-experts"
    folder.mkdir(parents=True)
    base.mkdir(parents=True)
    save_file({module + ".weight": weight, "model.norm.weight": np.ones(16, np.float32)}, base / "model.safetensors")
    save_file({module + ".lora_a": a, module + ".lora_b": b}, folder / "adapters.safetensors")
    settings = {"fine_tune_type": "lora", "lora_parameters": {"rank": 2, "scale": 4.0}, "model": "mlx-experts"}
    (folder / "adapter_config.json").write_text(json.dumps(settings))
    finish(folder, "mlx-experts", {module + ".weight": expected})


def check_rebased():
    """Adapters that the tool writes for another base merge in peft to what they should."""
    for name in ("lora", "patterns-rslora", "conv1d", "experts"):
        base = (TARGET / name / "base.txt").read_text().strip()
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            tool = Path(__file__).parents[2] / "dist/cli.js"
            run = ["node", tool, "transfer", "--finetuned", TARGET / name, "--target", BASES / base, "--scale", "0.5", "--as", "adapter", "--out", out]
            subprocess.run(run, check=True)
            merged = merged_by_peft(base, out)
        stored, expected = load_file(BASES / base / "model.safetensors"), load_file(TARGET / name / "expected.safetensors")
        for key, value in expected.items():
            wanted = stored[key] + 0.5 * (value - stored[key])
            assert np.abs(merged[key] - wanted).max() < 1e-12, (name, key)


if __name__ == "__main__":
    if "--check" in sys.argv:
        check_rebased()
        sys.exit()
    shutil.rmtree(TARGET, ignore_errors=True)
    write_bases()
    for seed, name in enumerate(CASES):
        write_peft(name, seed)
    write_mlx("mlx-lora", "lora")
    write_mlx("mlx-dora", "dora")
    write_mlx_experts()
