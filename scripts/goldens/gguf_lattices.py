"""Writes src/compute/recipe/blocks/packedLattices.ts: the points that codes of GGUF's IQ types stand for, from the Python package gguf.

    pip install gguf==0.19.0
    python scripts/goldens/gguf_lattices.py
"""

import base64
import textwrap
from pathlib import Path

from gguf import quants

OUT = Path(__file__).resolve().parents[2] / "src/compute/recipe/blocks/packedLattices.ts"
HEADER = '''/**
 * Points of the lattices that codes of GGUF's IQ types are numbers of: digits of two bits, or four in IQ3, one point after the other
 * (`lattices.ts` says what digits stand for). They define the format: found by search when it was made, they follow no formula.
 * Made by scripts/goldens/gguf_lattices.py from the Python package gguf 0.19.0 (MIT licence).
 */
export const packedLattices = {
'''


def entry(name):
    text = base64.b64encode(bytes.fromhex(getattr(quants, name).grid_hex.decode())).decode()
    lines = "\n".join(f"    '{line}'," for line in textwrap.wrap(text, 120))
    return f"  {name}: [\n{lines}\n  ].join(''),\n"


names = ["IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "IQ1_S"]
OUT.write_text(HEADER + "".join(map(entry, names)) + "} as const;\n")
