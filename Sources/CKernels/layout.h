// Packed weights: sixteen rows interleaved, one strictly sequential stream.
//
// A packed matrix is a sequence of groups of 16 rows (the last filled up with zero blocks); a group is a sequence of
// chunks of 256 elements (the last may be shorter for 32-element types); a chunk is one record:
//
//     [header: what scales need, 16 rows side by side][payload: lines of 64 bytes]
//
// A line takes 4 bytes of the file's block from each of 16 rows: byte 4r + i is byte i of row r's unit. A unit is left
// as the file has it, so a vector of 64 bytes splits into nibbles and bit planes exactly as one row's bytes do, and a
// unit of 8-bit values is what vpdpbusd wants: 4 consecutive k of 16 rows. Records are read in rising order only: the
// same kernels on separate planes get half the memory's rate.
//
//     type      record of a chunk (bytes; b = 32-block of 8, h = half, j = 0..<8)
//     Q4_0      [8 x 16 d][b: 4 lines of nibbles]                                     256 + 256 n
//     IQ4_NL    as Q4_0
//     Q4_1      [8 x (16 d, 16 m)][b: 4 lines]                                        512 + 256 n
//     Q5_0      [8 x 16 d][b: 1 line of high bits, 4 lines]                           256 + 320 n
//     Q5_1      [8 x (16 d, 16 m)][b: 1 line of high bits, 4 lines]                   512 + 320 n
//     Q8_0      [8 x 16 d][b: 8 lines, values xor 0x80]                               256 + 512 n
//     Q2_K      [16 d][16 dmin][4 lines of scales][h: 8 lines of 2-bit values]        1344
//     Q3_K      [16 d][32 unused][3 lines of scales][8 lines of mask][h: 8 lines]     1792
//     Q4_K      [16 d][16 dmin][3 lines of scales][4 x 8 lines of nibbles]            2304
//     Q5_K      [16 d][16 dmin][3 lines of scales][8 lines of high bits][4 x 8 lines] 2816
//     Q6_K      [16 d][32 unused][4 lines of scales][h: j: high pair, nibbles l, nibbles l+32]  3392
//     IQ4_XS    [16 d][16 high scale bits][1 line of scales][b: 4 lines]              2176
//     F32       [k: 16 x 4 bytes]     F16, BF16  [k: 16 x 2 bytes]
//
// (n: blocks in the chunk; the header of 32-element types always has room for eight.)
// The high bits of Q5_0 and Q5_1 are transposed: bit g of byte 4r + i is the fifth bit of element 4g + i.
#pragma once
#include "formats.h"

/// Elements of a chunk.
#define DK_CHUNK 256

/// How a type's bytes become weights: scale * (byte - offset), or scale * byte - min, with a scale for 32 elements or
/// for each half of them.
enum {
    DK_OFFSET8, DK_OFFSET16, DK_OFFSET128, DK_MINIMUM, DK_HALVES_OFFSET4, DK_HALVES_OFFSET32, DK_HALVES_MINIMUM,
    DK_WEIGHT_CLASSES,
};

DK_INLINE int dk_weight_class(uint32_t type) {
    switch (type) {
    case DK_Q4_0: return DK_OFFSET8;
    case DK_Q5_0: return DK_OFFSET16;
    case DK_Q8_0: case DK_IQ4_NL: case DK_IQ4_XS: return DK_OFFSET128;
    case DK_Q3_K: return DK_HALVES_OFFSET4;
    case DK_Q6_K: return DK_HALVES_OFFSET32;
    case DK_Q2_K: return DK_HALVES_MINIMUM;
    default: return DK_MINIMUM;
    }
}

/// Scales of 32 elements.
DK_INLINE int dk_class_steps(int class) { return class >= DK_HALVES_OFFSET4 ? 2 : 1; }

DK_INLINE bool dk_class_has_minimum(int class) { return class == DK_MINIMUM || class == DK_HALVES_MINIMUM; }

/// The offset is 2^shift; where there is a minimum, there is none.
DK_INLINE int dk_class_shift(int class) {
    switch (class) {
    case DK_OFFSET8: return 3;
    case DK_OFFSET16: return 4;
    case DK_OFFSET128: return 7;
    case DK_HALVES_OFFSET4: return 2;
    case DK_HALVES_OFFSET32: return 5;
    default: return 0;
    }
}

/// Bytes of the record of a chunk that holds `elements` elements of a quantised type.
DK_INLINE int64_t dk_record_bytes(uint32_t type, int64_t elements) {
    int64_t blocks = elements / 32;
    switch (type) {
    case DK_Q4_0: case DK_IQ4_NL: return 256 + 256 * blocks;
    case DK_Q4_1: return 512 + 256 * blocks;
    case DK_Q5_0: return 256 + 320 * blocks;
    case DK_Q5_1: return 512 + 320 * blocks;
    case DK_Q8_0: return 256 + 512 * blocks;
    case DK_Q2_K: return 1344;
    case DK_Q3_K: return 1792;
    case DK_Q4_K: return 2304;
    case DK_Q5_K: return 2816;
    case DK_Q6_K: return 3392;
    case DK_IQ4_XS: return 2176;
    default: return 0;
    }
}

/// Bytes of a group of 16 rows.
DK_INLINE int64_t dk_group_bytes(uint32_t type, int64_t depth) {
    if (dk_block_elements(type) == 1) return depth * DK_GROUP_ROWS * dk_block_bytes(type);
    int64_t tail = depth % DK_CHUNK;
    return depth / DK_CHUNK * dk_record_bytes(type, DK_CHUNK) + (tail ? dk_record_bytes(type, tail) : 0);
}

/// Packs one chunk of a group: `rows[r]` points at row r's blocks of this chunk (NULL = zero row).
void dk_pack_chunk(uint32_t type, const uint8_t *const rows[DK_GROUP_ROWS], int64_t elements, uint8_t *record);
