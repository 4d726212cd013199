// Template: attention in blocks (Dao et al., 2022): scores of twelve queries and up to 512 keys at a time, a softmax
// that goes on from block to block, and the logarithm of its sum kept for the way back.
//
//     s_qk = scale q.k,  p_qk = e^(s_qk - log_sum_q),  out_q = sum_k p_qk v_k
#include "attention_blocks.h"

/// One row of scores to e^(score - maximum), zero where not seen, in place as fp32 or bf16 from the row's start. Goes
/// on from `maximum` and `sum`; returns what earlier sums are to be multiplied with.
DK_INLINE float soften_row(float *row, int64_t width, seen_keys seen, float scale, float *maximum, float *sum,
                           const bool bfloat) {
    const float lowest = -__builtin_inff();
    dk_f16x top = DK_SPLAT16(lowest);
    int64_t first = seen.first / 16 * 16, last = (seen.last + 15) / 16 * 16;
    for (int64_t i = first; i < last; i += 16) {
        dk_f16x v = DK_LOAD16(row + i) * scale;
        if (!all_seen(seen, i)) mask_unseen(seen, i, lowest, &v);
        DK_STORE16(row + i, v);
        top = DK_MAX16(v, top);
    }
    float largest = __builtin_reduce_max(top);
    if (largest < *maximum) largest = *maximum;
    dk_f16x change = DK_SPLAT16(*maximum - largest), total = {}, zero = {};
    exp16(&change);
    for (int64_t i = 0; i < width; i += 16) {
        if (i < first || i >= last) {
            store16(row, i, bfloat, &zero);
            continue;
        }
        dk_f16x v = DK_LOAD16(row + i) - largest;
        exp16(&v);
        total += v;
        store16(row, i, bfloat, &v);
    }
    *sum = *sum * change[0] + sum_of_lanes(&total);
    *maximum = largest;
    return change[0];
}

DK_INLINE void scale_row(float *row, int64_t n, float factor) {
    for (int64_t i = 0; i < n; i += 16) DK_STORE16(row + i, DK_LOAD16(row + i) * factor);
}

/// Queries [first, first + rows) of one head.
DK_INLINE void attend_rows(const dk_training_attention *job, const attention_memory *m, int64_t head, int64_t first,
                           int64_t rows, const bool bfloat) {
    const int64_t n = job->head_dim;
    const dk_values queries = values_from(&job->queries, first, head * n);
    const dk_values weights = {m->scores, DK_KEY_BLOCK * (bfloat ? 2 : 1), bfloat};
    float maxima[DK_QUERY_ROWS], sums[DK_QUERY_ROWS];
    for (int64_t r = 0; r < rows; r++) maxima[r] = -3e38f, sums[r] = 0;
    int64_t start = job->documents[first] / 32 * 32, end = (first + rows + 31) / 32 * 32;
    for (int64_t block = start; block < end; block += DK_KEY_BLOCK) {
        int64_t width = end - block < DK_KEY_BLOCK ? end - block : DK_KEY_BLOCK;
        multiply_rows(&queries, rows, m->key_rows + block * m->head_units, m->head_units * DK_PANEL_ROWS,
                      m->head_units, width, m->scores, DK_KEY_BLOCK, false);
        for (int64_t r = 0; r < rows; r++) {
            seen_keys seen = keys_seen(job, first + r, block, width);
            if (seen.first >= seen.last) seen.first = seen.last = 0;
            float change = soften_row(m->scores + r * DK_KEY_BLOCK, width, seen, job->scale, &maxima[r], &sums[r],
                                      bfloat);
            if (block > start && change != 1) scale_row(m->sums + r * n, n, change);
        }
        multiply_rows(&weights, rows, m->value_columns + block / m->step * DK_PANEL_ROWS,
                      m->key_units * DK_PANEL_ROWS, width / m->step, n, m->sums, n, block > start);
    }
    for (int64_t r = 0; r < rows; r++) {
        scale_row(m->sums + r * n, n, 1 / sums[r]);
        job->log_sums[(first + r) * job->log_sum_row + head] = maxima[r] + __builtin_logf(sums[r]);
    }
    store_rows(m->sums, &job->output, first, head * n, rows, n);
}

static void training_attention(const dk_training_attention *job, void *scratch) {
    attention_memory m;
    lay_out_attention(job, scratch, &m);
    bool bfloat = job->queries.bfloat;
    pack_rows(&job->keys, 0, job->tokens, job->head_dim, bfloat, m.head_units, m.key_rows);
    pad_keys(job, &m, m.value_columns);
    pack_columns(&job->values, 0, job->tokens, job->head_dim, bfloat, m.key_units, m.value_columns);
    for (int64_t head = 0; head < job->group; head++)
        for (int64_t first = 0; first < job->tokens; first += DK_QUERY_ROWS) {
            int64_t left = job->tokens - first, rows = left < DK_QUERY_ROWS ? left : DK_QUERY_ROWS;
            if (bfloat) attend_rows(job, &m, head, first, rows, true);
            else attend_rows(job, &m, head, first, rows, false);
        }
}
