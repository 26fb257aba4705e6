"""Records what other libraries write: the stored tensors of a tiny quantised Llama, and of adapters of it.

  python3 scripts/goldens/layouts_goldens.py      # writes test/goldens/layouts.json

Only names, dtypes and shapes are kept, the bytes of tensors that state a shape, the settings beside the weights, and the
parameters of the unquantised model, which are what has to be found. Needs torch, transformers, compressed-tensors and peft.
"""

import base64
import json
import struct
import tempfile
import warnings
from pathlib import Path

import compressed_tensors
import peft
import torch
from compressed_tensors.compressors import ModelCompressor
from compressed_tensors.quantization import (
    QuantizationArgs,
    QuantizationConfig,
    QuantizationScheme,
    apply_quantization_config,
    preset_name_to_scheme,
)
from compressed_tensors.quantization.utils import is_module_quantized
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

OUT = Path(__file__).resolve().parents[2] / "test" / "goldens" / "layouts.json"
PRESETS = ["W8A8", "W4A16", "W4A16_ASYM", "W8A16", "FP8", "FP8_DYNAMIC", "FP8_BLOCK", "NVFP4", "NVFP4A16", "MXFP4", "MXFP8"]


def tiny():
    torch.manual_seed(0)
    config = LlamaConfig(
        hidden_size=128, intermediate_size=256, num_hidden_layers=1, num_attention_heads=4, num_key_value_heads=2, vocab_size=96
    )
    return LlamaForCausalLM(config)


def header(path):
    """Names, dtypes and shapes of a file, in the order of its header, read by hand; bytes of what states a shape."""
    raw = path.read_bytes()
    length = struct.unpack("<Q", raw[:8])[0]
    entries = {k: v for k, v in json.loads(raw[8 : 8 + length]).items() if k != "__metadata__"}
    tensors = [[name, entry["dtype"], entry["shape"]] for name, entry in entries.items()]
    contents = {}
    for name, entry in entries.items():
        start, end = entry["data_offsets"]
        if name.endswith("weight_shape"):
            contents[name] = base64.b64encode(raw[8 + length + start : 8 + length + end]).decode()
    return tensors, contents


def schemes():
    yield from ((name, preset_name_to_scheme(name, ["Linear"])) for name in PRESETS)
    yield "W3A16", QuantizationScheme(targets=["Linear"], weights=QuantizationArgs(num_bits=3, strategy="channel"))


def compressed(scheme):
    model = tiny()
    parameters = {name: list(value.shape) for name, value in model.named_parameters()}
    config = QuantizationConfig(config_groups={"group_0": scheme}, ignore=["lm_head"], quantization_status="initialized")
    apply_quantization_config(model, config)
    for module in filter(is_module_quantized, model.modules()):
        for name, value in module.named_parameters(recurse=False):
            if "scale" in name:
                value.data = torch.full_like(value.data.float(), 1.0 if "global" in name else 0.01).to(value.dtype)
    compressor = ModelCompressor.from_pretrained_model(model)
    compressor.compress_model(model)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        save_file({k: v.contiguous() for k, v in model.state_dict().items()}, path / "model.safetensors")
        model.config.save_pretrained(path)
        compressor.update_config(folder)
        tensors, contents = header(path / "model.safetensors")
        settings = json.loads((path / "config.json").read_text())["quantization_config"]
    return {"settings": settings, "tensors": tensors, "contents": contents, "parameters": parameters}


ADAPTERS = {
    "lora": peft.LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"], base_model_name_or_path="acme/tiny"),
    "patterns, rsLoRA, saved head": peft.LoraConfig(
        r=8,
        lora_alpha=16,
        rank_pattern={"q_proj": 4},
        alpha_pattern={"q_proj": 8},
        use_rslora=True,
        target_modules=["q_proj", "v_proj"],
        modules_to_save=["lm_head"],
    ),
    "embedding": peft.LoraConfig(r=4, target_modules=["embed_tokens", "q_proj"], bias="all"),
    "only the embedding": peft.LoraConfig(r=4, target_modules=["embed_tokens"]),
    "expression": peft.LoraConfig(r=4, target_modules=r".*layers\.0.*q_proj"),
    "pissa": peft.LoraConfig(r=4, target_modules=["q_proj"], init_lora_weights="pissa_niter_4"),
    "tokens beside": peft.LoraConfig(r=4, target_modules=["q_proj"], trainable_token_indices=[1, 2, 3]),
    "parameters": peft.LoraConfig(r=4, target_modules=[], target_parameters=["self_attn.q_proj.weight"]),
    "dora": peft.LoraConfig(r=8, use_dora=True, target_modules=["q_proj"]),
    "ia3": peft.IA3Config(target_modules=["k_proj", "v_proj", "down_proj"], feedforward_modules=["down_proj"]),
    "loha": peft.LoHaConfig(r=4, target_modules=["q_proj"]),
    "lokr": peft.LoKrConfig(r=4, target_modules=["q_proj"]),
    "adalora": peft.AdaLoraConfig(target_modules=["q_proj"], total_step=10),
    "oft": peft.OFTConfig(r=4, oft_block_size=0, target_modules=["q_proj"]),
    "boft": peft.BOFTConfig(boft_block_size=4, target_modules=["q_proj"]),
    "vera": peft.VeraConfig(r=4, target_modules=["q_proj"]),
    "hra": peft.HRAConfig(r=4, target_modules=["q_proj"]),
    "fourierft": peft.FourierFTConfig(n_frequency=10, target_modules=["q_proj"]),
    "layer norms": peft.LNTuningConfig(target_modules=["input_layernorm"]),
    "trainable tokens": peft.TrainableTokensConfig(token_indices=[1, 2], target_modules=["embed_tokens"]),
    "prompt": peft.PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=4),
    "prefix": peft.PrefixTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=4),
    "p-tuning": peft.PromptEncoderConfig(task_type="CAUSAL_LM", num_virtual_tokens=4, encoder_hidden_size=32),
}


def adapter(config):
    with tempfile.TemporaryDirectory() as folder:
        peft.get_peft_model(tiny(), config).save_pretrained(folder)
        tensors, _ = header(Path(folder) / "adapter_model.safetensors")
        return {"settings": json.loads((Path(folder) / "adapter_config.json").read_text()), "tensors": tensors}


def unmerged():
    """The state of a model with an adapter in it, as a training script may save it."""
    with tempfile.TemporaryDirectory() as folder:
        model = peft.get_peft_model(tiny(), ADAPTERS["lora"])
        save_file({k: v.clone().contiguous() for k, v in model.state_dict().items()}, Path(folder) / "model.safetensors")
        return header(Path(folder) / "model.safetensors")[0]


def main():
    warnings.filterwarnings("ignore")
    golden = {
        "compressed-tensors": {"version": compressed_tensors.__version__, "models": {name: compressed(s) for name, s in schemes()}},
        "peft": {
            "version": peft.__version__,
            "adapters": {name: adapter(config) for name, config in ADAPTERS.items()},
            "unmerged": unmerged(),
        },
    }
    OUT.write_text(json.dumps(golden, separators=(",", ":"), sort_keys=False) + "\n")


if __name__ == "__main__":
    main()
