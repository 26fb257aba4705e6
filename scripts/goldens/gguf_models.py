"""Writes test/goldens/gguf/models/<family>/: tiny models as transformers saves them, and as llama.cpp's converter writes them to GGUF.

    pip install torch transformers==5.24.0 gguf==0.19.0 safetensors
    python scripts/goldens/gguf_models.py

The converter is no package, so what it does is done here: names by the gguf package's own table (`get_tensor_name_map`), values as
`conversion/*.py` of llama.cpp (051139f5) changes them. Weights are stored as BF16, vectors as F32, which loses nothing. Where rows have
whole blocks, a file of Q8_0 is written as well, quantised by the package, with what it decodes to under Hugging Face's names.
"""

import shutil
import warnings
from pathlib import Path

import gguf
import numpy as np
import torch
import transformers
from gguf import GGMLQuantizationType as Type
from safetensors.torch import load_file, save_file

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()
OUT = Path(__file__).resolve().parents[2] / "test/goldens/gguf/models"

DENSE = dict(vocab_size=24, hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=4, num_key_value_heads=2,
             max_position_embeddings=64)
HEAD = dict(DENSE, head_dim=8)
EXPERTS = dict(moe_intermediate_size=32, num_experts=3, num_experts_per_tok=2)
# Family: transformers' class, its settings, llama.cpp's architecture.
MODELS = {
    "llama": ("LlamaForCausalLM", DENSE, "LLAMA"),
    "mistral": ("MistralForCausalLM", HEAD, "LLAMA"),
    "mixtral": ("MixtralForCausalLM", dict(DENSE, num_local_experts=3), "LLAMA"),
    "arcee": ("ArceeForCausalLM", HEAD, "ARCEE"),
    "smollm3": ("SmolLM3ForCausalLM", HEAD, "SMOLLM3"),
    "granite": ("GraniteForCausalLM", DENSE, "GRANITE"),
    "olmo": ("OlmoForCausalLM", DENSE, "OLMO"),
    "olmo2": ("Olmo2ForCausalLM", DENSE, "OLMO2"),
    "olmo3": ("Olmo3ForCausalLM", DENSE, "OLMO2"),
    "olmoe": ("OlmoeForCausalLM", dict(DENSE, intermediate_size=32, num_experts=3, num_experts_per_tok=2), "OLMOE"),
    "qwen2": ("Qwen2ForCausalLM", dict(DENSE, tie_word_embeddings=True), "QWEN2"),
    "qwen2_moe": ("Qwen2MoeForCausalLM", dict(DENSE, shared_expert_intermediate_size=32, **EXPERTS), "QWEN2MOE"),
    "qwen3": ("Qwen3ForCausalLM", HEAD, "QWEN3"),
    "qwen3_moe": ("Qwen3MoeForCausalLM", dict(HEAD, **EXPERTS), "QWEN3MOE"),
    "gemma": ("GemmaForCausalLM", HEAD, "GEMMA"),
    "gemma2": ("Gemma2ForCausalLM", HEAD, "GEMMA2"),
    "gemma3": ("Gemma3ForCausalLM", HEAD, "GEMMA3"),
    "nemotron": ("NemotronForCausalLM", HEAD, "NEMOTRON"),
    "phi": ("PhiForCausalLM", DENSE | dict(num_key_value_heads=4), "PHI2"),
    "phi3": ("Phi3ForCausalLM", DENSE, "PHI3"),
    "gpt2": ("GPT2LMHeadModel", dict(vocab_size=24, n_embd=32, n_layer=1, n_head=4, n_positions=32), "GPT2"),
    "gpt_neox": ("GPTNeoXForCausalLM", {k: v for k, v in DENSE.items() if k != "num_key_value_heads"}, "GPTNEOX"),
    "bloom": ("BloomForCausalLM", dict(vocab_size=24, hidden_size=32, n_layer=1, n_head=4), "BLOOM"),
    "falcon": ("FalconForCausalLM", dict(vocab_size=24, hidden_size=32, num_hidden_layers=1, num_attention_heads=4, multi_query=True,
                                         new_decoder_architecture=False), "FALCON"),
    "cohere": ("CohereForCausalLM", dict(DENSE, use_qk_norm=False), "COMMAND_R"),
    "cohere2": ("Cohere2ForCausalLM", DENSE, "COHERE2"),
    "starcoder2": ("Starcoder2ForCausalLM", DENSE, "STARCODER2"),
    "stablelm": ("StableLmForCausalLM", dict(DENSE, use_qkv_bias=True), "STABLELM"),
    "exaone4": ("Exaone4ForCausalLM", dict(HEAD, sliding_window=32), "EXAONE4"),
    "seed_oss": ("SeedOssForCausalLM", HEAD, "SEED_OSS"),
    "granitemoe": ("GraniteMoeForCausalLM", dict(DENSE, num_local_experts=3, num_experts_per_tok=2), "GRANITE_MOE"),
    "deepseek_v2": ("DeepseekV2ForCausalLM", dict(DENSE, **EXPERTS, num_hidden_layers=2, num_key_value_heads=4, q_lora_rank=16, kv_lora_rank=24,
                    qk_nope_head_dim=8, qk_rope_head_dim=4, v_head_dim=12, n_routed_experts=3, n_shared_experts=1,
                    first_k_dense_replace=1), "DEEPSEEK2"),
    "deepseek_v3": ("DeepseekV3ForCausalLM", dict(DENSE, **EXPERTS, num_hidden_layers=2, num_key_value_heads=4, q_lora_rank=16, kv_lora_rank=24,
                    qk_nope_head_dim=8, qk_rope_head_dim=4, v_head_dim=12, n_routed_experts=4, n_shared_experts=1, n_group=1, topk_group=1,
                    first_k_dense_replace=1), "DEEPSEEK2"),
    "gpt_oss": ("GptOssForCausalLM", dict(HEAD, intermediate_size=32, num_local_experts=3, num_experts_per_tok=2), "GPT_OSS"),
    "glm4": ("Glm4ForCausalLM", HEAD, "GLM4"),
}
PERMUTED = {"GRANITE_MOE", "LLAMA", "ARCEE", "SMOLLM3", "GRANITE", "OLMO"}
PLUS_ONE = {"GEMMA", "GEMMA2", "GEMMA3", "NEMOTRON"}


def permute(weights, heads):
    return weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:]).swapaxes(1, 2).reshape(weights.shape)


def qkv_of_heads(data, heads):
    return torch.cat([data.reshape(heads, 3, -1)[:, i].reshape(-1, *data.shape[1:]) for i in range(3)])


def qkv_of_groups(data, heads, groups):
    size = data.shape[0] // (heads + 2 * groups)
    grouped = data.reshape(groups, heads // groups + 2, size, *data.shape[1:])
    parts = grouped[:, :-2], grouped[:, [-2]], grouped[:, [-1]]
    return torch.cat([part.reshape(-1, *data.shape[1:]) for part in parts])


def converted(arch, name, data, config):
    """Names and values as the converter has them before the table of names."""
    heads = config.num_attention_heads
    groups = getattr(config, "num_key_value_heads", heads)
    if arch in PERMUTED and name.endswith(("q_proj.weight", "q_proj.bias")):
        data = permute(data, heads)
    if arch in PERMUTED and name.endswith(("k_proj.weight", "k_proj.bias")):
        data = permute(data, groups)
    if arch in PLUS_ONE and name.endswith("norm.weight"):
        data = data + 1
    if arch == "GPT2" and name.endswith((".c_attn.weight", ".c_proj.weight", ".c_fc.weight")):
        data = data.T
    if arch in ("GPTNEOX", "BLOOM") and "query_key_value" in name:
        data = qkv_of_heads(data, heads)
    if arch == "BLOOM":
        name = name.removeprefix("transformer.")
    if arch == "FALCON" and "query_key_value" in name:
        data = qkv_of_groups(data, heads, config.num_kv_heads if config.new_decoder_architecture or not config.multi_query else 1)
    if arch == "GRANITE_MOE" and "input_linear" in name:
        gate, up = data.chunk(2, dim=-2)
        layer = name.split(".")[2]
        return [(f"blk.{layer}.ffn_gate_exps.weight", gate.contiguous()), (f"blk.{layer}.ffn_up_exps.weight", up.contiguous())]
    if arch == "DEEPSEEK2" and "kv_b_proj" in name:
        keys, values = data.view(heads, -1, data.shape[-1]).split([config.qk_nope_head_dim, config.v_head_dim], dim=1)
        return [(name.replace("kv_b_proj", "k_b_proj"), keys.transpose(1, 2).contiguous()), (name.replace("kv_b_proj", "v_b_proj"), values.contiguous())]
    if arch == "DEEPSEEK2" and name.endswith("e_score_correction_bias"):
        return [(name.replace("e_score_correction_bias", "e_score_correction.bias"), data)]
    if arch == "GPT_OSS":
        return gpt_oss(name, data)
    return [(name, data.contiguous())]


def gpt_oss(name, data):
    if "sinks" in name:
        return [(name + ".weight", data)]
    if name.endswith("down_proj_bias"):
        return [(name.replace("down_proj_bias", "down_proj.bias"), data)]
    if name.endswith("down_proj"):
        return [(name + ".weight", data.transpose(-1, -2).contiguous())]
    if name.endswith("gate_up_proj_bias"):
        return [(name.replace("gate_up_proj_bias", f"{part}_proj.bias"), data[..., i::2].contiguous()) for i, part in enumerate(("gate", "up"))]
    if name.endswith("gate_up_proj"):
        turned = data.transpose(-1, -2)
        return [(name.replace("gate_up_proj", f"{part}_proj.weight"), turned[:, i::2, :].contiguous()) for i, part in enumerate(("gate", "up"))]
    return [(name, data.contiguous())]


def stacked(tensors, arch):
    """Experts one above the other."""
    import re
    groups = {}
    for name in list(tensors):
        if m := re.fullmatch(r"(.*)\.experts\.(\d+)\.(\w+)\.weight", name):
            groups.setdefault((m[1], m[3]), {})[int(m[2])] = tensors.pop(name)
    for (module, leaf), experts in groups.items():
        merged = torch.stack([experts[i] for i in range(len(experts))])
        layer = re.search(r"layers\.(\d+)\.", module)[1]
        name = f"layers.{layer}.feed_forward.experts.{leaf}" if "block_sparse_moe" in module else f"{module}.experts.{leaf}"
        tensors[f"{name}.weight"] = merged
    return tensors


def settings(writer, config, arch):
    layers, hidden = config.num_hidden_layers, config.hidden_size
    writer.add_block_count(layers)
    writer.add_embedding_length(hidden)
    writer.add_head_count(config.num_attention_heads)
    if arch == "FALCON":
        writer.add_head_count_kv(1 if config.multi_query and not config.new_decoder_architecture else config.num_kv_heads)
    elif arch not in ("GPT2", "GPTNEOX"):
        writer.add_head_count_kv(getattr(config, "num_key_value_heads", config.num_attention_heads))
    length = getattr(config, "max_position_embeddings", None) or getattr(config, "n_positions", None) or hidden
    writer.add_context_length(length)
    if (size := getattr(config, "intermediate_size", None)) is not None:
        writer.add_feed_forward_length(size)
    if (eps := getattr(config, "rms_norm_eps", None)) is not None:
        writer.add_layer_norm_rms_eps(eps)
    elif (eps := getattr(config, "layer_norm_eps", None) or getattr(config, "layer_norm_epsilon", None)) is not None:
        writer.add_layer_norm_eps(eps)
    if (head := getattr(config, "head_dim", None)) and arch not in ("FALCON", "BLOOM"):
        writer.add_key_length(head)
        writer.add_value_length(head)
    rope = getattr(config, "rope_parameters", None) or {}
    rope = rope.get("full_attention", rope)
    if "rope_theta" in rope:
        writer.add_rope_freq_base(rope["rope_theta"])
    if (window := getattr(config, "sliding_window", None)) is not None and arch in ("GEMMA2", "GEMMA3", "OLMO2", "COHERE2", "EXAONE4", "PHI3"):
        writer.add_sliding_window(window)
    if (count := getattr(config, "num_experts", None) or getattr(config, "num_local_experts", None)) is not None:
        writer.add_expert_count(count)
        writer.add_expert_used_count(config.num_experts_per_tok)
    if (size := getattr(config, "moe_intermediate_size", None)) is not None:
        writer.add_expert_feed_forward_length(size)
    if arch == "GRANITE":
        writer.add_attention_scale(config.attention_multiplier)
        writer.add_embedding_scale(config.embedding_multiplier)
        writer.add_residual_scale(config.residual_multiplier)
        writer.add_logit_scale(config.logits_scaling)
    if arch in ("GEMMA2",):
        writer.add_attn_logit_softcapping(config.attn_logit_softcapping)
        writer.add_final_logit_softcapping(config.final_logit_softcapping)
    if arch in ("COMMAND_R", "COHERE2"):
        writer.add_logit_scale(config.logit_scale)
    writer.add_vocab_size(config.vocab_size)
    tokens = [f"<{i}>" for i in range(config.vocab_size)]
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([1] * len(tokens))


def write(path, arch, config, tensors, kind):
    number = getattr(gguf.MODEL_ARCH, arch)
    names = gguf.get_tensor_name_map(number, config.num_hidden_layers)
    writer = gguf.GGUFWriter(path, gguf.MODEL_ARCH_NAMES[number])
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_file_type({Type.BF16: gguf.LlamaFileType.MOSTLY_BF16, Type.Q8_0: gguf.LlamaFileType.MOSTLY_Q8_0}[kind])
    settings(writer, config, arch)
    for name, data in tensors.items():
        mapped = name if name.startswith("blk.") else names.get_name(name, try_suffixes=(".weight", ".bias"))
        assert mapped is not None, (arch, name)
        values = data.float().numpy()
        plain = values.ndim == 1 or mapped.endswith("_norm.weight") or "ffn_gate_inp" in mapped
        chosen = Type.F32 if plain else kind
        writer.add_tensor(mapped, gguf.quants.quantize(values, chosen), raw_dtype=chosen)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def decoded(arch, name, data):
    """A weight after Q8_0, in the model's own order: whole rows are moved, so that their blocks stay what they are."""
    values = data.float()
    if data.ndim == 1 or "mlp.gate.weight" in name:
        return values
    turned = arch == "GPT2" and name.endswith((".c_attn.weight", ".c_proj.weight", ".c_fc.weight"))
    rows = (values.T if turned else values).contiguous().numpy()
    result = torch.from_numpy(gguf.quants.dequantize(gguf.quants.quantize(rows, Type.Q8_0), Type.Q8_0))
    return (result.T if turned else result).contiguous()


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    for number, (family, (cls, values, arch)) in enumerate(MODELS.items()):
        torch.manual_seed(number)
        cls = getattr(transformers, cls)
        config = cls.config_class(**{"pad_token_id": 0, **values}, bos_token_id=1, eos_token_id=2)
        model = cls(config)
        with torch.no_grad():
            for name, weight in model.named_parameters():
                # Norms and biases are not all alike; steps of 2⁻⁶ stay exact when 1 is added.
                if weight.ndim == 1:
                    weight.copy_(torch.randint(-64, 64, weight.shape) / 64)
        model = model.to(torch.bfloat16)
        folder = OUT / family
        model.save_pretrained(folder)
        for extra in folder.glob("generation_config.json"):
            extra.unlink()
        tensors = load_file(folder / "model.safetensors")
        save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
        changed = dict(each for name, data in tensors.items() for each in converted(arch, name, data.float(), config))
        changed = stacked(changed, arch)
        write(folder / f"{family}-BF16.gguf", arch, config, changed, Type.BF16)
        if family in ("llama", "gemma2", "qwen3_moe", "gpt2"):
            write(folder / f"{family}-Q8_0.gguf", arch, config, changed, Type.Q8_0)
            save_file({name: decoded(arch, name, data) for name, data in tensors.items()}, OUT / f"{family}-Q8_0.safetensors")


main()
