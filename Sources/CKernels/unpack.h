// Template: one record of a quantised type, expanded to unsigned bytes. Included by each variant, once for panels and,
// where a fused kernel exists, once more for that:
//
//     UNPACKED(name)      names of the functions
//     SINK_PARAMETERS, SINK   where the bytes go: parameters of the functions, and the same as arguments
//     PUT(block, j, v)    takes line j (elements 4j ..< 4j + 4 of 16 rows) of a 32-block
//     LINE(p)             reads 64 bytes at p; `ahead` is the distance to the next record
//
// Scales go to `scales` and `mins`, [step][16 rows] float; a step is a run of 32 or 16 elements. The weight is
// scale * (byte - offset) - min, with offset 2^shift given by the type's class (layout.h). What is read is read in
// rising order (layout.h).

/// Q4_0, IQ4_NL (looked up) and Q4_1.
DK_INLINE void UNPACKED(unpack_4)(const uint8_t *record, ptrdiff_t ahead, int64_t blocks, SINK_PARAMETERS,
    float *scales, float *mins,
                        const bool minimum, const bool lookup) {
    const int header = minimum ? 64 : 32;
    for (int64_t b = 0; b < blocks; b++) {
        DK_STORE16(scales + b * 16, DK_HALF16((const uint16_t *)(record + b * header)));
        if (minimum) DK_STORE16(mins + b * 16, -DK_HALF16((const uint16_t *)(record + b * header + 32)));
    }
    record += 8 * header;
    for (int64_t b = 0; b < blocks; b++, record += 256) {
        DK_UNROLL for (int j = 0; j < 4; j++) {
            dk_u8x q = LINE(record + 64 * j), low = q & 15, high = q >> 4;
            PUT(b, j, lookup ? DK_LOOKUP16(low) : low);
            PUT(b, j + 4, lookup ? DK_LOOKUP16(high) : high);
        }
    }
}

/// Q5_0 and Q5_1.
DK_INLINE void UNPACKED(unpack_5)(const uint8_t *record, ptrdiff_t ahead, int64_t blocks, SINK_PARAMETERS,
    float *scales, float *mins,
                        const bool minimum) {
    const int header = minimum ? 64 : 32;
    for (int64_t b = 0; b < blocks; b++) {
        DK_STORE16(scales + b * 16, DK_HALF16((const uint16_t *)(record + b * header)));
        if (minimum) DK_STORE16(mins + b * 16, -DK_HALF16((const uint16_t *)(record + b * header + 32)));
    }
    record += 8 * header;
    for (int64_t b = 0; b < blocks; b++, record += 320) {
        dk_u8x fifth = LINE(record);
        DK_UNROLL for (int j = 0; j < 4; j++) {
            dk_u8x q = LINE(record + 64 + 64 * j);
            PUT(b, j, (q & 15) | ((fifth << (4 - j)) & 16));
            PUT(b, j + 4, (q >> 4) | ((fifth >> j) & 16));
        }
    }
}

DK_INLINE void UNPACKED(unpack_q8_0)(const uint8_t *record, ptrdiff_t ahead, int64_t blocks, SINK_PARAMETERS,
    float *scales) {
    for (int64_t b = 0; b < blocks; b++)
        DK_STORE16(scales + b * 16, DK_HALF16((const uint16_t *)(record + b * 32)));
    record += 256;
    for (int64_t b = 0; b < blocks; b++, record += 512) {
        DK_UNROLL for (int j = 0; j < 8; j++) PUT(b, j, LINE(record + j * 64));
    }
}

/// Q4_K and Q5_K: 6-bit scales and mins, then nibbles with or without a fifth bit.
DK_INLINE void UNPACKED(unpack_k4)(const uint8_t *record, ptrdiff_t ahead, SINK_PARAMETERS,
    float *scales, float *mins, const bool fifth) {
    dk_f16x d = DK_HALF16((const uint16_t *)record), dmin = DK_HALF16((const uint16_t *)(record + 32));
    dk_u8x s0 = LINE(record + 64), s1 = LINE(record + 128), s2 = LINE(record + 192);
    dk_u8x low = s0 & 63, low_min = s1 & 63;
    dk_u8x high = (s2 & 15) | ((s0 >> 6) << 4), high_min = (s2 >> 4) | ((s1 >> 6) << 4);
    DK_UNROLL for (int i = 0; i < 4; i++) {
        DK_STORE16(scales + i * 16, d * SCALE_BYTE(low, i, 255));
        DK_STORE16(scales + (i + 4) * 16, d * SCALE_BYTE(high, i, 255));
        DK_STORE16(mins + i * 16, dmin * SCALE_BYTE(low_min, i, 255));
        DK_STORE16(mins + (i + 4) * 16, dmin * SCALE_BYTE(high_min, i, 255));
    }
    const uint8_t *bits = record + 256, *nibbles = fifth ? bits + 512 : bits;
    for (int p = 0; p < 4; p++) {
        DK_UNROLL for (int j = 0; j < 8; j++) {
            dk_u8x q = LINE(nibbles + (p * 8 + j) * 64), even = q & 15, odd = q >> 4;
            if (fifth) {
                dk_u8x h = LINE(bits + 64 * j) >> (uint8_t)(2 * p);
                even |= (h & 1) << 4;
                odd |= (h & 2) << 3;
            }
            PUT(2 * p, j, even);
            PUT(2 * p + 1, j, odd);
        }
    }
}

DK_INLINE void UNPACKED(unpack_q6_k)(const uint8_t *record, ptrdiff_t ahead, SINK_PARAMETERS,
    float *scales) {
    dk_f16x d = DK_HALF16((const uint16_t *)record);
    DK_UNROLL for (int u = 0; u < 4; u++) {
        dk_u8x s = LINE(record + 64 + 64 * u);
        DK_UNROLL for (int i = 0; i < 4; i++) DK_STORE16(scales + (4 * u + i) * 16, d * SCALE_SIGNED(s, i));
    }
    record += 320;
    for (int half = 0; half < 2; half++) {
        DK_UNROLL for (int j = 0; j < 8; j++, record += 192) {
            dk_u8x h = LINE(record), a = LINE(record + 64), b = LINE(record + 128);
            PUT(4 * half, j, (a & 15) | ((h & 3) << 4));
            PUT(4 * half + 1, j, (b & 15) | ((h & 12) << 2));
            PUT(4 * half + 2, j, (a >> 4) | (h & 48));
            PUT(4 * half + 3, j, (b >> 4) | ((h & 192) >> 2));
        }
    }
}

DK_INLINE void UNPACKED(unpack_q2_k)(const uint8_t *record, ptrdiff_t ahead, SINK_PARAMETERS,
    float *scales, float *mins) {
    dk_f16x d = DK_HALF16((const uint16_t *)record), dmin = DK_HALF16((const uint16_t *)(record + 32));
    DK_UNROLL for (int u = 0; u < 4; u++) {
        dk_u8x s = LINE(record + 64 + 64 * u);
        DK_UNROLL for (int i = 0; i < 4; i++) {
            DK_STORE16(scales + (4 * u + i) * 16, d * SCALE_BYTE(s, i, 15));
            DK_STORE16(mins + (4 * u + i) * 16, dmin * SCALE_BYTE(s >> 4, i, 15));
        }
    }
    for (int half = 0; half < 2; half++) {
        for (int j = 0; j < 8; j++) {
            dk_u8x q = LINE(record + 320 + (half * 8 + j) * 64);
            DK_UNROLL for (int b = 0; b < 4; b++) PUT(4 * half + b, j, (q >> (uint8_t)(2 * b)) & 3);
        }
    }
}

DK_INLINE void UNPACKED(unpack_q3_k)(const uint8_t *record, ptrdiff_t ahead, SINK_PARAMETERS,
    float *scales) {
    dk_f16x d = DK_HALF16((const uint16_t *)record);
    dk_u8x s0 = LINE(record + 64), s1 = LINE(record + 128), s2 = LINE(record + 192);
    dk_u8x sixteen[4] = {
        (s0 & 15) | ((s2 & 3) << 4), (s1 & 15) | ((s2 & 12) << 2),
        (s0 >> 4) | (s2 & 48), (s1 >> 4) | ((s2 & 192) >> 2),
    };
    DK_UNROLL for (int u = 0; u < 4; u++) {
        DK_UNROLL for (int i = 0; i < 4; i++)
            DK_STORE16(scales + (4 * u + i) * 16, d * (SCALE_BYTE(sixteen[u], i, 255) - 32.0f));
    }
    record += 256;
    for (int half = 0; half < 2; half++) {
        for (int j = 0; j < 8; j++) {
            dk_u8x mask = LINE(record + 64 * j) >> (uint8_t)(4 * half);
            dk_u8x q = LINE(record + 512 + (half * 8 + j) * 64);
            DK_UNROLL for (int b = 0; b < 4; b++) {
                dk_u8x high = ((mask >> (uint8_t)b) & 1) << 2;
                PUT(4 * half + b, j, ((q >> (uint8_t)(2 * b)) & 3) | high);
            }
        }
    }
}

DK_INLINE void UNPACKED(unpack_iq4_xs)(const uint8_t *record, ptrdiff_t ahead, SINK_PARAMETERS,
    float *scales) {
    dk_f16x d = DK_HALF16((const uint16_t *)record);
    dk_i16x high;
    for (int r = 0; r < 16; r++) high[r] = dk_load16(record + 32 + 2 * r);
    dk_i16x low = (dk_i16x)LINE(record + 64);
    DK_UNROLL for (int b = 0; b < 8; b++) {
        dk_i16x scale = ((low >> (4 * b)) & 15) | (((high >> (2 * b)) & 3) << 4);
        DK_STORE16(scales + b * 16, d * __builtin_convertvector(scale - 32, dk_f16x));
    }
    for (int b = 0; b < 8; b++) {
        DK_UNROLL for (int j = 0; j < 4; j++) {
            dk_u8x q = LINE(record + 128 + (b * 4 + j) * 64), even = q & 15, odd = q >> 4;
            PUT(b, j, DK_LOOKUP16(even));
            PUT(b, j + 4, DK_LOOKUP16(odd));
        }
    }
}

/// One record of any quantised type; `blocks` 32-blocks (8 for K types). The next record lies `ahead` bytes on.
DK_INLINE void UNPACKED(unpack)(uint32_t type, const uint8_t *record, ptrdiff_t ahead, int64_t blocks, SINK_PARAMETERS,
                   float *scales, float *mins) {
    switch (type) {
    case DK_Q4_0: UNPACKED(unpack_4)(record, ahead, blocks, SINK, scales, mins, false, false); break;
    case DK_IQ4_NL: UNPACKED(unpack_4)(record, ahead, blocks, SINK, scales, mins, false, true); break;
    case DK_Q4_1: UNPACKED(unpack_4)(record, ahead, blocks, SINK, scales, mins, true, false); break;
    case DK_Q5_0: UNPACKED(unpack_5)(record, ahead, blocks, SINK, scales, mins, false); break;
    case DK_Q5_1: UNPACKED(unpack_5)(record, ahead, blocks, SINK, scales, mins, true); break;
    case DK_Q8_0: UNPACKED(unpack_q8_0)(record, ahead, blocks, SINK, scales); break;
    case DK_Q2_K: UNPACKED(unpack_q2_k)(record, ahead, SINK, scales, mins); break;
    case DK_Q3_K: UNPACKED(unpack_q3_k)(record, ahead, SINK, scales); break;
    case DK_Q4_K: UNPACKED(unpack_k4)(record, ahead, SINK, scales, mins, false); break;
    case DK_Q5_K: UNPACKED(unpack_k4)(record, ahead, SINK, scales, mins, true); break;
    case DK_Q6_K: UNPACKED(unpack_q6_k)(record, ahead, SINK, scales); break;
    case DK_IQ4_XS: UNPACKED(unpack_iq4_xs)(record, ahead, SINK, scales); break;
    default: break;
    }
}
