// Template: products on panels (danlu_training.h draws one).
//
// The tile: DK_TILE_ROWS rows of a, each broadcast unit by unit, times vectors of sixteen columns of b; its sums stay
// in registers over all units. Every sum runs over the units in rising order, whatever the tile: a row does not depend on
// its neighbours.
#include "lanes.h"

#ifndef DK_DOT_BFLOAT
/// Both halves of a unit are floats whose low bits are cut off.
#define DK_DOT_BFLOAT(acc, a, b) ({ \
    dk_w16x a_ = (a), b_ = (b); \
    dk_f16x low_ = DK_FMA16((dk_f16x)(a_ << 16), (dk_f16x)(b_ << 16), acc); \
    DK_FMA16((dk_f16x)(a_ & 0xffff0000), (dk_f16x)(b_ & 0xffff0000), low_); })
#endif

DK_INLINE void store_sums(const dk_panel_product *p, int64_t row, int64_t column, const dk_f16x *sums) {
    if (p->store == DK_STORE_BFLOAT) {
        store16(p->out, row * p->out_row + column, true, sums);
    } else if (p->store == DK_STORE_FLOAT) {
        DK_STORE16((float *)p->out + row * p->out_row + column, *sums);
    } else {
        dk_f16x base = DK_LOAD16(p->base + row * p->base_row + column);
        DK_STORE16((float *)p->out + row * p->out_row + column, base + *sums);
    }
}

/// Rows row ..< row + rows (in panels: of one panel) times DK_TILE_VECTORS vectors. Meanwhile as many lines from `ahead`
/// on as there are units are fetched, where it is given.
DK_INLINE void product_tile(const dk_panel_product *p, const uint32_t *b, int64_t row, int64_t column, const int rows,
                            const bool panels, const bool bfloat, const bool fetches, const uint32_t *ahead) {
    const int64_t across = panels ? 1 : p->a_row, along = panels ? DK_PANEL_ROWS : 1;
    const uint32_t *a = panels ? p->a + row / DK_PANEL_ROWS * p->a_row + row % DK_PANEL_ROWS : p->a + row * p->a_row;
    dk_f16x acc[DK_TILE_ROWS][DK_TILE_VECTORS];
    DK_UNROLL for (int r = 0; r < rows; r++)
        DK_UNROLL for (int v = 0; v < DK_TILE_VECTORS; v++) acc[r][v] = (dk_f16x){};
    for (int64_t u = 0; u < p->units; u++) {
        dk_w16x columns[DK_TILE_VECTORS];
        if (fetches) __builtin_prefetch(ahead + u * 16, 0, 2);
        DK_UNROLL for (int v = 0; v < DK_TILE_VECTORS; v++) columns[v] = DK_LOADW(b + u * DK_PANEL_ROWS + v * 16);
        DK_UNROLL for (int r = 0; r < rows; r++) {
            uint32_t x = a[r * across + u * along];
            dk_w16x wide = {x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
            DK_UNROLL for (int v = 0; v < DK_TILE_VECTORS; v++)
                acc[r][v] = bfloat ? DK_DOT_BFLOAT(acc[r][v], wide, columns[v])
                                   : DK_FMA16((dk_f16x)wide, (dk_f16x)columns[v], acc[r][v]);
        }
    }
    DK_UNROLL for (int r = 0; r < rows; r++)
        DK_UNROLL for (int v = 0; v < DK_TILE_VECTORS; v++)
            store_sums(p, row + r, column + v * 16, &acc[r][v]);
}

/// All rows times one panel's columns from `column` on. The last two whole tiles fetch the next panel: the first would
/// wait for memory otherwise.
DK_INLINE void product_columns(const dk_panel_product *p, const uint32_t *b, int64_t column, const bool panels,
                               const bool bfloat) {
    const bool has_next = !panels && 16 * DK_TILE_VECTORS == DK_PANEL_ROWS && column + DK_PANEL_ROWS < p->columns;
    for (int64_t row = 0; row < p->rows;) {
        int64_t left = p->rows - row;
        if (panels && left > DK_PANEL_ROWS - row % DK_PANEL_ROWS) left = DK_PANEL_ROWS - row % DK_PANEL_ROWS;
        if (left >= DK_TILE_ROWS) {
            const int64_t after = left / DK_TILE_ROWS;
            if (has_next && after <= 2)
                product_tile(p, b, row, column, DK_TILE_ROWS, panels, bfloat, true,
                             b + p->b_panel + (after == 2 ? 0 : p->units * 16));
            else product_tile(p, b, row, column, DK_TILE_ROWS, panels, bfloat, false, NULL);
            row += DK_TILE_ROWS;
        } else if (DK_TILE_ROWS > 8 && left >= 8) {
            product_tile(p, b, row, column, DK_TILE_ROWS > 8 ? 8 : 1, panels, bfloat, false, NULL);
            row += 8;
        } else if (DK_TILE_ROWS > 4 && left >= 4) {
            product_tile(p, b, row, column, DK_TILE_ROWS > 4 ? 4 : 1, panels, bfloat, false, NULL);
            row += 4;
        } else {
            product_tile(p, b, row, column, 1, panels, bfloat, false, NULL);
            row += 1;
        }
    }
}

static void panel_product(const dk_panel_product *p) {
    for (int64_t column = 0; column < p->columns; column += 16 * DK_TILE_VECTORS) {
        const uint32_t *b = p->b + column / DK_PANEL_ROWS * p->b_panel + column % DK_PANEL_ROWS;
        if (p->a_is_panels && p->bfloat) product_columns(p, b, column, true, true);
        else if (p->a_is_panels) product_columns(p, b, column, true, false);
        else if (p->bfloat) product_columns(p, b, column, false, true);
        else product_columns(p, b, column, false, false);
    }
}

/// The machine's roof for bf16: independent sums in registers.
static int64_t peak_bfloats(int64_t rounds, float *sink) {
    dk_f16x acc[12] = {};
    dk_w16x a = {}, b = {};
    __asm__ volatile("" : "+m"(a));
    __asm__ volatile("" : "+m"(b));
    for (int64_t r = 0; r < rounds; r++)
        DK_UNROLL for (int i = 0; i < 12; i++) acc[i] = DK_DOT_BFLOAT(acc[i], a, b);
    for (int i = 1; i < 12; i++) acc[0] += acc[i];
    *sink = acc[0][0];
    return rounds * 12 * 16 * 4;
}
