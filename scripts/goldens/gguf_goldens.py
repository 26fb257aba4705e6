"""Writes test/goldens/gguf/blocks.gguf and blocks.safetensors: blocks of every type, and the values that the gguf package gives them.

    pip install numpy==2.4.6 gguf==0.19.0 safetensors==0.7.0
    python scripts/goldens/gguf_goldens.py

Each type has a tensor of 4 rows of 512 values: random bytes, but scales (float16) are chosen: zero, the smallest and largest
subnormals and normals, infinities, NaN, both signs, and ordinary ones; some blocks are all ones or all zeros.
"""

from pathlib import Path

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, GGUFWriter, quants
from safetensors.numpy import save_file

OUT = Path(__file__).resolve().parents[2] / "test/goldens/gguf"
ROWS, COLUMNS = 4, 512

# Where the float16 scales of a block lie. IQ1_M keeps the digits of its scale in four words, MXFP4 and NVFP4 have bytes.
SCALES = {
    "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2],
    "Q5_K": [0, 2], "Q6_K": [208], "IQ2_XXS": [0], "IQ2_XS": [0], "IQ2_S": [0], "IQ3_XXS": [0], "IQ3_S": [0], "IQ1_S": [0],
    "IQ1_M": [], "IQ4_NL": [0], "IQ4_XS": [0], "TQ1_0": [52], "TQ2_0": [64], "MXFP4": [], "NVFP4": [],
}
SPECIAL = [0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7E01, 0x3C00]


def blocks_of(name, rng):
    values, size = GGML_QUANT_SIZES[GGMLQuantizationType[name]]
    count = ROWS * COLUMNS // values
    blocks = rng.integers(0, 256, (count, size), dtype=np.uint8)
    blocks[1::7] = 0xFF
    blocks[3::11] = 0
    for i in range(count):
        for place in SCALES[name]:
            usual = np.float16(rng.standard_normal() * 0.02).view(np.uint16)
            # Blocks of 256 values are few: every second scale is special.
            bits = SPECIAL[rng.integers(len(SPECIAL))] if i % 2 == 0 else usual
            blocks[i, place : place + 2] = np.array([bits], "<u2").view(np.uint8)
    return blocks.reshape(ROWS, -1)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    writer = GGUFWriter(OUT / "blocks.gguf", "llama")
    expected = {}
    for number, name in enumerate(SCALES):
        kind = GGMLQuantizationType[name]
        blocks = blocks_of(name, np.random.default_rng(number))
        writer.add_tensor(name, blocks, raw_dtype=kind)
        with np.errstate(all="ignore"):
            expected[name] = quants.dequantize(blocks, kind)
        assert expected[name].dtype == np.float32 and expected[name].shape == (ROWS, COLUMNS)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    save_file(expected, OUT / "blocks.safetensors")


main()
