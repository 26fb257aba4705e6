"""Makes a small random model of every supported family and what transformers computes with it.

  pip install torch transformers safetensors
  python3 scripts/goldens/evaluate_goldens.py            # writes test/goldens/evaluate/

Each case is a folder: config.json, model.safetensors (float32) and expected.safetensors, which holds a batch of two
sequences of different lengths, right-padded (`tokens`, `lengths`), the logits of their real tokens one after the other
(`logits`, float32, eager attention) and the mean next-token loss of each sequence (`losses`, float64, from the logits).
Configs are written as the Hub has them, or, where CASES says so, as transformers saves them today. Weights are far from
what a fresh model has, so that a missing norm, bias or factor shows.
"""

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForImageTextToText

FOLDER = Path(__file__).resolve().parents[2] / "test" / "goldens" / "evaluate"
VOCABULARY = 61
LENGTHS = (13, 8)

SIZES = {
    "hidden_size": 24,
    "intermediate_size": 40,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "vocab_size": VOCABULARY,
    "max_position_embeddings": 32,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
}
GROUPED = {**SIZES, "num_key_value_heads": 2}
LLAMA = {"model_type": "llama", **GROUPED, "rms_norm_eps": 1e-5, "hidden_act": "silu", "tie_word_embeddings": False}
GEMMA = {**GROUPED, "head_dim": 8, "query_pre_attn_scalar": 12, "sliding_window": 5, "num_hidden_layers": 3, "rms_norm_eps": 1e-4}
PHI3 = {"model_type": "phi3", **GROUPED, "rms_norm_eps": 1e-5, "hidden_act": "silu"}
GPT2 = {"model_type": "gpt2", "n_embd": 24, "n_head": 4, "n_layer": 2, "n_positions": 16, "vocab_size": VOCABULARY, "bos_token_id": 1, "eos_token_id": 2}
NEOX = {"model_type": "gpt_neox", **SIZES, "hidden_act": "gelu", "layer_norm_eps": 1e-4}
LONG = {"type": "longrope", "short_factor": [1.0, 1.3, 2.1], "long_factor": [1.5, 2.6, 4.2]}
VISION = {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "image_size": 8, "patch_size": 4}

# name: (config, whether transformers rewrites the config in its own style)
CASES = {
    "llama": (LLAMA, True),
    "llama-first": ({k: v for k, v in LLAMA.items() if k not in ("num_key_value_heads", "rms_norm_eps")}, False),
    "llama-biases": ({**LLAMA, "attention_bias": True, "mlp_bias": True, "head_dim": 10, "tie_word_embeddings": True}, False),
    "llama-linear": ({**LLAMA, "rope_theta": 500.0, "rope_scaling": {"type": "linear", "factor": 3.0}}, False),
    "llama-dynamic": ({**LLAMA, "rope_scaling": {"type": "dynamic", "factor": 3.0}}, False),
    "llama-3": (
        {
            **LLAMA,
            "rope_theta": 50.0,
            "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 0.3, "high_freq_factor": 0.9, "original_max_position_embeddings": 16},
        },
        True,
    ),
    "llama-yarn": (
        {
            **LLAMA,
            "head_dim": 16,
            "max_position_embeddings": 4096,
            "rope_theta": 200.0,
            "rope_scaling": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 1024},
        },
        False,
    ),
    "mistral": ({"model_type": "mistral", **GROUPED, "head_dim": 8, "sliding_window": 5, "rms_norm_eps": 1e-5, "tie_word_embeddings": False}, False),
    "qwen2": ({"model_type": "qwen2", **GROUPED, "num_hidden_layers": 3, "use_sliding_window": True, "sliding_window": 4, "max_window_layers": 1, "tie_word_embeddings": True}, False),
    "qwen3": ({"model_type": "qwen3", **GROUPED, "head_dim": 8, "attention_bias": True, "rope_theta": 1000.0, "tie_word_embeddings": False}, True),
    "olmo2": ({"model_type": "olmo2", **GROUPED, "rms_norm_eps": 1e-4, "tie_word_embeddings": False}, False),
    "gpt2": (GPT2, False),
    "gpt2-scaled": ({**GPT2, "n_inner": 40, "scale_attn_by_inverse_layer_idx": True, "activation_function": "relu"}, True),
    "gpt_neox": ({**NEOX, "num_attention_heads": 2, "hidden_size": 32, "rotary_pct": 0.25, "rotary_emb_base": 100, "use_parallel_residual": True}, False),
    "gpt_neox-sequential": ({**NEOX, "rotary_pct": 1.0, "use_parallel_residual": False, "attention_bias": False}, True),
    "gemma2": ({"model_type": "gemma2", **GEMMA, "attn_logit_softcapping": 2.0, "final_logit_softcapping": 3.0, "hidden_act": "gelu"}, False),
    "gemma3_text": ({"model_type": "gemma3_text", **GEMMA, "rope_theta": 1000.0, "rope_local_base_freq": 30.0, "sliding_window_pattern": 2, "rope_scaling": {"rope_type": "linear", "factor": 2.0}}, True),
    "gemma3": ({"model_type": "gemma3", "text_config": {"model_type": "gemma3_text", **GEMMA, "num_hidden_layers": 6}, "vision_config": VISION, "mm_tokens_per_image": 1}, False),
    "phi3": ({**PHI3, "sliding_window": 6, "rope_theta": 300.0}, False),
    "phi3-long": ({**PHI3, "max_position_embeddings": 64, "original_max_position_embeddings": 10, "rope_scaling": LONG}, False),
    "phi3-short": ({**PHI3, "max_position_embeddings": 64, "original_max_position_embeddings": 16, "rope_scaling": LONG}, True),
}


def build(config):
    kind = AutoModelForImageTextToText if config.model_type == "gemma3" else AutoModelForCausalLM
    model = kind.from_config(config, attn_implementation="eager").float().eval()
    for name, parameter in model.named_parameters():
        spread = 1.0 if "embed" in name or "wte" in name else 0.3
        parameter.data.normal_(0, spread)
        if "norm" in name or "ln_" in name:
            parameter.data.add_(1.0 if name.endswith("weight") else 0.0)
    model.tie_weights()
    return model


def expected(model):
    tokens = torch.randint(3, VOCABULARY, (2, max(LENGTHS)))
    mask = torch.zeros_like(tokens)
    for i, length in enumerate(LENGTHS):
        mask[i, :length] = 1
    with torch.no_grad():
        logits = model(input_ids=tokens * mask, attention_mask=mask).logits
    real = [logits[i, :length] for i, length in enumerate(LENGTHS)]
    losses = [torch.nn.functional.cross_entropy(x[:-1].double(), tokens[i, 1:n]) for i, (x, n) in enumerate(zip(real, LENGTHS))]
    return {
        "tokens": tokens * mask,
        "lengths": torch.tensor(LENGTHS),
        "logits": torch.cat(real).contiguous(),
        "losses": torch.stack(losses),
    }


def make(name, config, restyled):
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    path = folder / "config.json"
    path.write_text(json.dumps(config, indent=2) + "\n")
    torch.manual_seed(sum(map(ord, name)))
    model = build(AutoConfig.from_pretrained(folder))
    model.save_pretrained(folder)
    if not restyled:
        path.write_text(json.dumps(config, indent=2) + "\n")
    (folder / "generation_config.json").unlink(missing_ok=True)
    results = expected(model)
    save_file(results, folder / "expected.safetensors")
    for stored in folder.iterdir():
        stored.chmod(0o644)
    print(f"{name}: losses {results['losses'].tolist()}, largest logit {results['logits'].abs().max():.2f}")


for case, (settings, restyled) in CASES.items():
    make(case, settings, restyled)
