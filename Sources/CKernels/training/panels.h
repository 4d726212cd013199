// Template: matrices into panels.
//
// Units along columns means a transposition of 32-bit words, sixteen by sixteen in registers; units along rows means
// interleaving two rows (bf16) or copying (fp32).
#include "lanes.h"

/// Sixteen units of one row from element `at`.
DK_INLINE void load_units(const dk_values *source, int64_t row, int64_t at, const bool bfloat, dk_w16x *out) {
    const void *p = value_at(source, row, at);
    if (!bfloat) {
        dk_f16x v;
        if (source->bfloat) load16(p, 0, true, &v);
        else load16(p, 0, false, &v);
        *out = (dk_w16x)v;
    } else if (source->bfloat) {
        *out = DK_LOADW(p);
    } else {
        union { dk_h16x halves[2]; dk_w16x units; } u;
        dk_f16x low = DK_LOAD16((const float *)p), high = DK_LOAD16((const float *)p + 16);
        to_bfloat(&low, &u.halves[0]);
        to_bfloat(&high, &u.halves[1]);
        *out = u.units;
    }
}

/// m[i] holds row i; afterwards m[i] holds column i.
DK_INLINE void transpose16(dk_w16x m[16]) {
    dk_w16x t[16];
    DK_UNROLL for (int i = 0; i < 8; i++) {
        t[2 * i] = __builtin_shufflevector(m[2 * i], m[2 * i + 1], 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28,
                                           14, 30);
        t[2 * i + 1] = __builtin_shufflevector(m[2 * i], m[2 * i + 1], 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13,
                                               29, 15, 31);
    }
    DK_UNROLL for (int i = 0; i < 16; i++) {
        if (i & 2) continue;
        m[i] = __builtin_shufflevector(t[i], t[i + 2], 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
        m[i + 2] = __builtin_shufflevector(t[i], t[i + 2], 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    }
    DK_UNROLL for (int i = 0; i < 16; i++) {
        if (i & 4) continue;
        t[i] = __builtin_shufflevector(m[i], m[i + 4], 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27);
        t[i + 4] = __builtin_shufflevector(m[i], m[i + 4], 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
    }
    DK_UNROLL for (int i = 0; i < 8; i++) {
        m[i] = __builtin_shufflevector(t[i], t[i + 8], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
        m[i + 8] = __builtin_shufflevector(t[i], t[i + 8], 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30,
                                           31);
    }
}

DK_INLINE void pack_rows_as(const dk_values *source, int64_t first, int64_t last, int64_t columns, const bool bfloat,
                            int64_t units, uint32_t *panels) {
    const int64_t width = bfloat ? 32 : 16;  // elements of sixteen units
    for (int64_t row = first; row < last; row += 16) {
        uint32_t *out = panels + row / DK_PANEL_ROWS * units * DK_PANEL_ROWS + row % DK_PANEL_ROWS;
        for (int64_t at = 0; at < columns; at += width) {
            dk_w16x m[16];
            DK_UNROLL for (int i = 0; i < 16; i++) {
                if (row + i < last) load_units(source, row + i, at, bfloat, &m[i]);
                else m[i] = (dk_w16x){};
            }
            transpose16(m);
            int64_t unit = bfloat ? at / 2 : at;
            DK_UNROLL for (int i = 0; i < 16; i++) DK_STOREW(out + (unit + i) * DK_PANEL_ROWS, m[i]);
        }
    }
}

static void pack_rows(const dk_values *source, int64_t first, int64_t last, int64_t columns, bool bfloat,
                      int64_t units, uint32_t *panels) {
    if (bfloat) pack_rows_as(source, first, last, columns, true, units, panels);
    else pack_rows_as(source, first, last, columns, false, units, panels);
}

/// Sixteen values as the bf16 bits in each unit's low half.
DK_INLINE void load_low_halves(const dk_values *source, int64_t row, int64_t at, dk_w16x *out) {
    const void *p = value_at(source, row, at);
    dk_h16x halves;
    if (source->bfloat) {
        halves = *(const dk_h16x_any *)p;
    } else {
        dk_f16x v = DK_LOAD16((const float *)p);
        to_bfloat(&v, &halves);
    }
    *out = __builtin_convertvector(halves, dk_w16x);
}

static void pack_columns(const dk_values *source, int64_t first, int64_t last, int64_t columns, bool bfloat,
                         int64_t units, uint32_t *panels) {
    const int64_t step = bfloat ? 2 : 1;
    for (int64_t at = 0; at < columns; at += 16) {
        uint32_t *out = panels + at / DK_PANEL_ROWS * units * DK_PANEL_ROWS + at % DK_PANEL_ROWS;
        for (int64_t row = first; row < last; row += step) {
            dk_w16x low, high = {};
            if (bfloat) {
                load_low_halves(source, row, at, &low);
                if (row + 1 < last) load_low_halves(source, row + 1, at, &high);
                low |= high << 16;
            } else {
                load_units(source, row, at, false, &low);
            }
            DK_STOREW(out + row / step * DK_PANEL_ROWS, low);
        }
    }
}

/// Sixteen rows of 32 bf16 columns, from the panel's units and lanes from `lane` on.
DK_INLINE void load_turned(const uint32_t *from, int64_t lane, dk_w16x m[16]) {
    DK_UNROLL for (int i = 0; i < 16; i++) m[i] = DK_LOADW(from + i * DK_PANEL_ROWS + lane);
    transpose16(m);
}

/// 32 rows of `columns` numbers in one panel of rows become 32 terms of panels of columns.
static void turn_panel(const uint32_t *from, int64_t columns, bool bfloat, int64_t units, uint32_t *panels) {
    for (int64_t at = 0; at < columns; at += DK_PANEL_ROWS, panels += units * DK_PANEL_ROWS) {
        dk_w16x m[16];
        if (!bfloat) {
            const uint32_t *block = from + at * DK_PANEL_ROWS;
            for (int64_t half = 0; half < 4; half++) {
                int64_t column = half / 2 * 16, row = half % 2 * 16;
                load_turned(block + column * DK_PANEL_ROWS, row, m);
                DK_UNROLL for (int i = 0; i < 16; i++) DK_STOREW(panels + (row + i) * DK_PANEL_ROWS + column, m[i]);
            }
            continue;
        }
        for (int64_t row = 0; row < DK_PANEL_ROWS; row += 16) {
            load_turned(from + at / 2 * DK_PANEL_ROWS, row, m);
            DK_UNROLL for (int i = 0; i < 16; i += 2) {
                dk_w16x even = (m[i] & 0xffff) | (m[i + 1] << 16), odd = (m[i] >> 16) | (m[i + 1] & 0xffff0000);
                uint32_t *out = panels + (row + i) / 2 * DK_PANEL_ROWS;
                DK_STOREW(out, __builtin_shufflevector(even, odd, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7,
                                                       23));
                DK_STOREW(out + 16, __builtin_shufflevector(even, odd, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29,
                                                            14, 30, 15, 31));
            }
        }
    }
}

static void convert(const float *source, uint16_t *output, int64_t count) {
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) {
        dk_f16x v = DK_LOAD16(source + i);
        store16(output, i, true, &v);
    }
    for (; i < count; i++) output[i] = dk_float_to_bfloat(source[i]);
}

static void widen(const uint16_t *source, float *output, int64_t count) {
    for (int64_t i = 0; i < count; i += 16) {
        dk_f16x v;
        load16(source, i, true, &v);
        DK_STORE16(output + i, v);
    }
}
