// Template: attention's derivative. Weights are computed again from the sums of logarithms.
//
//     dv_k = sum_q p_qk dout_q,  dp_qk = dout_q.v_k,  ds_qk = p_qk (dp_qk - dout_q.out_q) scale
//     dq_q = sum_k ds_qk k_k,  dk_k = sum_q ds_qk q_q
//
// Blocks of 48 queries: their weights and slopes lie row-major as factors of dq, and in panels of keys, whose units run
// along the queries, as factors of dk and dv. Gradients of keys and values are summed over the group's heads in order.
#include "attention_forward.h"

/// Scores and slopes of one row to weights p and slopes ds, in place as fp32 or bf16 from the rows' starts.
DK_INLINE void slope_row(float *scores, float *slopes, int64_t width, seen_keys seen, float scale, float log_sum,
                         float dot, const bool bfloat) {
    dk_f16x zero = {};
    for (int64_t i = 0; i < width; i += 16) {
        if (none_seen(seen, i)) {
            store16(scores, i, bfloat, &zero);
            store16(slopes, i, bfloat, &zero);
            continue;
        }
        dk_f16x p = DK_FMA16(DK_LOAD16(scores + i), DK_SPLAT16(scale), DK_SPLAT16(-log_sum));
        exp16(&p);
        if (!all_seen(seen, i)) mask_unseen(seen, i, 0, &p);
        dk_f16x s = p * (DK_LOAD16(slopes + i) - dot) * scale;
        store16(scores, i, bfloat, &p);
        store16(slopes, i, bfloat, &s);
    }
}

/// sum_i out_i dout_i of one query.
DK_INLINE float output_dot(const dk_training_attention *job, int64_t token, int64_t head, const bool bfloat) {
    const void *out = value_at(&job->output, token, head * job->head_dim);
    const void *gradient = value_at(&job->output_gradient, token, head * job->head_dim);
    dk_f16x sum = {};
    for (int64_t i = 0; i < job->head_dim; i += 16) {
        dk_f16x a, b;
        load16(out, i, bfloat, &a);
        load16(gradient, i, bfloat, &b);
        sum = DK_FMA16(a, b, sum);
    }
    return sum_of_lanes(&sum);
}

/// out[key][head_dim] += panels^T columns, for `width` keys.
DK_INLINE void add_to_keys(const uint32_t *panels, const uint32_t *columns, int64_t units,
                           int64_t width, int64_t n, float *out, bool bfloat) {
    const dk_panel_product p = {
        .a = panels, .a_row = units * DK_PANEL_ROWS, .a_is_panels = true, .bfloat = bfloat, .b = columns,
        .b_panel = units * DK_PANEL_ROWS, .units = units, .rows = width, .columns = n, .store = DK_ADD_FLOAT,
        .out = out, .out_row = n, .base = out, .base_row = n,
    };
    panel_product(&p);
}

/// Queries [first, first + rows) of one head.
DK_INLINE void differentiate_rows(const dk_training_attention *job, const attention_memory *m, int64_t head,
                                  int64_t first, int64_t rows, const bool bfloat) {
    const int64_t n = job->head_dim, units = (rows + m->step - 1) / m->step;
    const dk_values queries = values_from(&job->queries, first, head * n);
    const dk_values gradients = values_from(&job->output_gradient, first, head * n);
    const dk_values weights = {m->scores, DK_KEY_BLOCK * (bfloat ? 2 : 1), bfloat};
    const dk_values slopes = {m->slopes, DK_KEY_BLOCK * (bfloat ? 2 : 1), bfloat};
    pack_columns(&queries, 0, rows, n, bfloat, units, m->query_columns);
    pack_columns(&gradients, 0, rows, n, bfloat, units, m->output_columns);
    int64_t start = job->documents[first] / 32 * 32, end = (first + rows + 31) / 32 * 32;
    const int64_t panel = m->head_units * DK_PANEL_ROWS;
    for (int64_t block = start; block < end; block += DK_KEY_BLOCK) {
        int64_t width = end - block < DK_KEY_BLOCK ? end - block : DK_KEY_BLOCK;
        multiply_rows(&queries, rows, m->key_rows + block * m->head_units, panel, m->head_units, width, m->scores,
                      DK_KEY_BLOCK, false);
        multiply_rows(&gradients, rows, m->value_rows + block * m->head_units, panel, m->head_units, width,
                      m->slopes, DK_KEY_BLOCK, false);
        for (int64_t r = 0; r < rows; r++) {
            seen_keys seen = keys_seen(job, first + r, block, width);
            slope_row(m->scores + r * DK_KEY_BLOCK, m->slopes + r * DK_KEY_BLOCK, width, seen, job->scale,
                      job->log_sums[(first + r) * job->log_sum_row + head], output_dot(job, first + r, head, bfloat),
                      bfloat);
        }
        pack_columns(&weights, 0, rows, width, bfloat, units, m->weight_panels);
        pack_columns(&slopes, 0, rows, width, bfloat, units, m->slope_panels);
        add_to_keys(m->weight_panels, m->output_columns, units, width, n, m->value_sums + block * n, bfloat);
        add_to_keys(m->slope_panels, m->query_columns, units, width, n, m->key_sums + block * n, bfloat);
        multiply_rows(&slopes, rows, m->key_columns + block / m->step * DK_PANEL_ROWS, m->key_units * DK_PANEL_ROWS,
                      width / m->step, n, m->sums, n, block > start);
    }
    store_rows(m->sums, &job->query_gradient, first, head * n, rows, n);
}

static void training_attention_backward(const dk_training_attention *job, void *scratch) {
    attention_memory m;
    lay_out_attention(job, scratch, &m);
    const bool bfloat = job->queries.bfloat;
    const int64_t n = job->head_dim, tokens = job->tokens;
    pack_rows(&job->keys, 0, tokens, n, bfloat, m.head_units, m.key_rows);
    pack_rows(&job->values, 0, tokens, n, bfloat, m.head_units, m.value_rows);
    pad_keys(job, &m, m.key_columns);
    pack_columns(&job->keys, 0, tokens, n, bfloat, m.key_units, m.key_columns);
    memset(m.key_sums, 0, (size_t)(m.padded * n) * 4);
    memset(m.value_sums, 0, (size_t)(m.padded * n) * 4);
    for (int64_t head = 0; head < job->group; head++)
        for (int64_t first = 0; first < tokens; first += DK_GRADIENT_ROWS) {
            int64_t left = tokens - first, rows = left < DK_GRADIENT_ROWS ? left : DK_GRADIENT_ROWS;
            if (bfloat) differentiate_rows(job, &m, head, first, rows, true);
            else differentiate_rows(job, &m, head, first, rows, false);
        }
    store_rows(m.key_sums, &job->key_gradient, 0, 0, tokens, n);
    store_rows(m.value_sums, &job->value_gradient, 0, 0, tokens, n);
}
