#!/usr/bin/env python3
"""make_dequantize.py FOLDER: blocks of every quantised type and their values by the `gguf` package.

For each type, TYPE.bin holds: u32 number of elements, the blocks, the elements as float32 (little-endian).
Blocks: random bits with sane scales, then all-ones and all-zero payloads with scales that are zero, negative,
the smallest subnormal, and large.
"""
import sys
import numpy as np
from gguf import GGMLQuantizationType as T
from gguf.quants import dequantize

HALVES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "IQ4_NL": [0], "IQ4_XS": [0],
          "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}
BYTES = {"Q4_0": 18, "Q4_1": 20, "Q5_0": 22, "Q5_1": 24, "Q8_0": 34, "IQ4_NL": 18, "IQ4_XS": 136,
         "Q2_K": 84, "Q3_K": 110, "Q4_K": 144, "Q5_K": 176, "Q6_K": 210}
SCALES = [0.0, -1.0, 6e-8, 100.0, -0.125]
rng = np.random.default_rng(20261124)

for name, size in BYTES.items():
    rows = []
    for _ in range(6):
        block = rng.integers(0, 256, size, dtype=np.uint8)
        for at in HALVES[name]:
            block[at:at + 2] = np.array([rng.uniform(-0.2, 0.2)], dtype=np.float16).view(np.uint8)
        rows.append(block)
    for scale in SCALES:
        for fill in (0x00, 0xFF, 0x0F):
            block = np.full(size, fill, dtype=np.uint8)
            for at in HALVES[name]:
                block[at:at + 2] = np.array([scale], dtype=np.float16).view(np.uint8)
            rows.append(block)
    blocks = np.stack(rows)
    values = dequantize(blocks, T[name]).astype(np.float32).reshape(-1)
    with open(f"{sys.argv[1]}/{name}.bin", "wb") as out:
        out.write(np.uint32(values.size).tobytes() + blocks.tobytes() + values.tobytes())
