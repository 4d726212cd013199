// From the file's rows to packed records: a transposition of 2- and 4-byte units (layout.h draws the records).
#include "layout.h"

int64_t dk_packed_bytes(uint32_t type, int64_t rows, int64_t columns) {
    return (rows + DK_GROUP_ROWS - 1) / DK_GROUP_ROWS * dk_group_bytes(type, columns);
}

/// Sixteen units of two bytes, side by side.
static uint8_t *halves(const uint8_t *const rows[], int64_t offset, uint8_t *out) {
    for (int r = 0; r < DK_GROUP_ROWS; r++) memcpy(out + 2 * r, rows[r] + offset, 2);
    return out + 32;
}

/// `count` lines from consecutive units of four bytes.
static uint8_t *lines(const uint8_t *const rows[], int64_t offset, int count, uint8_t *out) {
    for (int r = 0; r < DK_GROUP_ROWS; r++)
        for (int u = 0; u < count; u++) memcpy(out + 64 * u + 4 * r, rows[r] + offset + 4 * u, 4);
    return out + 64 * count;
}

/// A line of high bits, transposed: bit g of byte i = bit 4g + i.
static uint8_t *bit_line(const uint8_t *const rows[], int64_t offset, uint8_t *out) {
    for (int r = 0; r < DK_GROUP_ROWS; r++) {
        uint32_t bits = dk_load32(rows[r] + offset);
        for (int i = 0; i < 4; i++) {
            uint32_t t = bits >> i & 0x11111111u;
            t = (t | t >> 3) & 0x03030303u;
            t = (t | t >> 6) & 0x000f000fu;
            out[4 * r + i] = (uint8_t)(t | t >> 12);
        }
    }
    return out + 64;
}

/// Types of 32 elements: a header for eight blocks, then the blocks.
static void pack_blocks(uint32_t type, const uint8_t *const rows[], int64_t blocks, uint8_t *out) {
    bool minimum = type == DK_Q4_1 || type == DK_Q5_1, fifth = type == DK_Q5_0 || type == DK_Q5_1;
    int64_t bytes = dk_block_bytes(type), header = minimum ? 64 : 32, at = minimum ? 4 : 2;
    memset(out, 0, (size_t)(8 * header));
    for (int64_t b = 0; b < blocks; b++) {
        halves(rows, b * bytes, out + b * header);
        if (minimum) halves(rows, b * bytes + 2, out + b * header + 32);
    }
    out += 8 * header;
    for (int64_t b = 0; b < blocks; b++) {
        int64_t offset = b * bytes + at;
        if (fifth) {
            out = bit_line(rows, offset, out);
            offset += 4;
        }
        uint8_t *start = out;
        out = lines(rows, offset, type == DK_Q8_0 ? 8 : 4, out);
        if (type == DK_Q8_0)
            for (int i = 0; i < 512; i++) start[i] ^= 0x80;
    }
}

static void pack_superblock(uint32_t type, const uint8_t *const rows[], uint8_t *out) {
    switch (type) {
    case DK_Q2_K:
        out = halves(rows, 80, out);
        out = halves(rows, 82, out);
        lines(rows, 0, 20, out);
        break;
    case DK_Q3_K:
        out = halves(rows, 108, out);
        memset(out, 0, 32);
        out = lines(rows, 96, 3, out + 32);
        lines(rows, 0, 24, out);
        break;
    case DK_Q4_K: case DK_Q5_K:
        out = halves(rows, 0, out);
        out = halves(rows, 2, out);
        lines(rows, 4, type == DK_Q4_K ? 35 : 43, out);
        break;
    case DK_Q6_K:
        out = halves(rows, 208, out);
        memset(out, 0, 32);
        out = lines(rows, 192, 4, out + 32);
        for (int half = 0; half < 2; half++) {
            for (int j = 0; j < 8; j++) {
                out = lines(rows, 128 + half * 32 + 4 * j, 1, out);
                out = lines(rows, half * 64 + 4 * j, 1, out);
                out = lines(rows, half * 64 + 32 + 4 * j, 1, out);
            }
        }
        break;
    case DK_IQ4_XS:
        out = halves(rows, 0, out);
        out = halves(rows, 2, out);
        lines(rows, 4, 33, out);
        break;
    default: break;
    }
}

void dk_pack_chunk(uint32_t type, const uint8_t *const rows[DK_GROUP_ROWS], int64_t elements, uint8_t *record) {
    static const uint8_t zero[34 * 8];  // a zero block of any type stands for zeros
    const uint8_t *filled[DK_GROUP_ROWS];
    for (int r = 0; r < DK_GROUP_ROWS; r++) filled[r] = rows[r] ? rows[r] : zero;
    if (dk_block_elements(type) == 32) {
        pack_blocks(type, filled, elements / 32, record);
    } else {
        pack_superblock(type, filled, record);
    }
}

static void pack_floats(int64_t bytes, const uint8_t *const rows[], int64_t depth, uint8_t *out) {
    for (int r = 0; r < DK_GROUP_ROWS; r++) {
        for (int64_t k = 0; k < depth; k++) {
            uint8_t *target = out + (k * DK_GROUP_ROWS + r) * bytes;
            if (!rows[r]) memset(target, 0, (size_t)bytes);
            else if (bytes == 4) memcpy(target, rows[r] + k * 4, 4);
            else memcpy(target, rows[r] + k * 2, 2);
        }
    }
}

void dk_pack(uint32_t type, const uint8_t *file, int64_t rows, int64_t columns, int64_t first, int64_t last,
             uint8_t *packed) {
    int64_t block = dk_block_elements(type), row_bytes = columns / block * dk_block_bytes(type);
    for (int64_t group = first; group < last; group++) {
        uint8_t *out = packed + group * dk_group_bytes(type, columns);
        const uint8_t *source[DK_GROUP_ROWS], *at[DK_GROUP_ROWS];
        for (int r = 0; r < DK_GROUP_ROWS; r++) {
            int64_t row = group * DK_GROUP_ROWS + r;
            source[r] = row < rows ? file + row * row_bytes : NULL;
        }
        if (block == 1) {
            pack_floats(dk_block_bytes(type), source, columns, out);
            continue;
        }
        for (int64_t k = 0; k < columns; k += DK_CHUNK) {
            int64_t elements = columns - k < DK_CHUNK ? columns - k : DK_CHUNK;
            for (int r = 0; r < DK_GROUP_ROWS; r++)
                at[r] = source[r] ? source[r] + k / block * dk_block_bytes(type) : NULL;
            dk_pack_chunk(type, at, elements, out);
            out += dk_record_bytes(type, elements);
        }
    }
}
