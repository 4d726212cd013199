// Template: the gated activation (Shazeer, 2020) and its derivative.
//
//     out = silu(g) u,  silu(g) = g sigma(g)
//     dg = dout u sigma(g) (1 + g (1 - sigma(g))),  du = dout silu(g)
//
// sigma(g) = 1 / (1 + e^-g); e^-g is held below infinity, where sigma is 0 to the last bit anyway.
#include "lanes.h"

DK_INLINE void sigmoid16(const dk_f16x *g, dk_f16x *out) {
    dk_f16x e = -*g, most = DK_SPLAT16(88.0f);
    dk_i16x large = e > most;
    e = (dk_f16x)((large & (dk_i16x)most) | (~large & (dk_i16x)e));
    exp16(&e);
    *out = 1.0f / (1.0f + e);
}

DK_INLINE void swiglu_as(const dk_values *x, const dk_values *out, int64_t rows, int64_t n, const bool bfloat) {
    for (int64_t r = 0; r < rows; r++) {
        const void *gates = value_at(x, r, 0), *ups = value_at(x, r, n);
        void *to = value_at(out, r, 0);
        for (int64_t i = 0; i < n; i += 16) {
            dk_f16x g, u, s;
            load16(gates, i, bfloat, &g);
            load16(ups, i, bfloat, &u);
            sigmoid16(&g, &s);
            dk_f16x v = g * s * u;
            store16(to, i, bfloat, &v);
        }
    }
}

static void swiglu(const dk_values *x, const dk_values *out, int64_t rows, int64_t n) {
    if (x->bfloat) swiglu_as(x, out, rows, n, true);
    else swiglu_as(x, out, rows, n, false);
}

DK_INLINE void swiglu_backward_as(const dk_values *x, const dk_values *out_gradient, const dk_values *x_gradient,
                                  const dk_values *out, int64_t rows, int64_t n, const bool bfloat) {
    for (int64_t r = 0; r < rows; r++) {
        const void *gates = value_at(x, r, 0), *ups = value_at(x, r, n), *from = value_at(out_gradient, r, 0);
        void *to = value_at(out, r, 0);
        void *gate_gradients = value_at(x_gradient, r, 0), *up_gradients = value_at(x_gradient, r, n);
        for (int64_t i = 0; i < n; i += 16) {
            dk_f16x g, u, d, s;
            load16(gates, i, bfloat, &g);
            load16(ups, i, bfloat, &u);
            load16(from, i, bfloat, &d);
            sigmoid16(&g, &s);
            dk_f16x silu = g * s, v = silu * u, up = d * silu;
            dk_f16x gate = d * u * s * (1.0f + g - silu);
            store16(to, i, bfloat, &v);
            store16(gate_gradients, i, bfloat, &gate);
            store16(up_gradients, i, bfloat, &up);
        }
    }
}

static void swiglu_backward(const dk_values *x, const dk_values *out_gradient, const dk_values *x_gradient,
                            const dk_values *out, int64_t rows, int64_t n) {
    if (x->bfloat) swiglu_backward_as(x, out_gradient, x_gradient, out, rows, n, true);
    else swiglu_backward_as(x, out_gradient, x_gradient, out, rows, n, false);
}
