// Template: how far rows of logits are from a teacher that names its k likeliest tokens, and the derivative in their
// place. All that the teacher does not name is one outcome, for both of them.
//
//     q = softmax(z / T),  q_rest = 1 - sum_k q_k,  p_rest = 1 - sum_k p_k
//     divergence = sum_k p_k log(p_k / q_k) + p_rest log(p_rest / q_rest)
//     loss = alpha T^2 divergence + (1 - alpha) cross-entropy            (Hinton et al., 2015)
//     dz_j = alpha T (q_j - p_j)                      where the teacher names j
//            alpha T q_j (1 - p_rest / q_rest)        elsewhere
//          + (1 - alpha) (softmax_j - [j = target])

/// What is divided by is at least this: of a student that leaves nothing for the rest.
static const float dk_rest_min = 1e-6f;

/// The sum of e^((z - largest) / T).
DK_INLINE float sum_of_powers(const float *z, int64_t n, float largest, float inverse) {
    dk_f16x total = {};
    int64_t whole = n / 16 * 16;
    for (int64_t i = 0; i < whole; i += 16) {
        dk_f16x v = (DK_LOAD16(z + i) - largest) * inverse;
        exp16(&v);
        total += v;
    }
    float rest[16] = {0};
    for (int64_t i = whole; i < n; i++) rest[i - whole] = (z[i] - largest) * inverse;
    dk_f16x v = DK_LOAD16(rest);
    exp16(&v);
    DK_STORE16(rest, v);
    float result = sum_of_lanes(&total);
    for (int64_t i = whole; i < n; i++) result += rest[i - whole];
    return result;
}

/// z becomes hard e^(z - largest) + soft e^((z - largest) / T), zeros beyond n.
DK_INLINE void blended_softmax(float *z, int64_t n, int64_t padded, float largest, float inverse, float hard,
                               float soft, const bool bfloat) {
    for (int64_t i = n; i < padded; i++) z[i] = -__builtin_inff();
    for (int64_t i = 0; i < padded; i += 16) {
        dk_f16x v = DK_LOAD16(z + i) - largest, w = v * inverse;
        exp16(&v);
        exp16(&w);
        v = v * hard + w * soft;
        store16(z, i, bfloat, &v);
    }
}

DK_INLINE void set_gradient(float *z, int64_t place, float value, bool bfloat) {
    if (bfloat) ((uint16_t *)(void *)z)[place] = dk_float_to_bfloat(value);
    else z[place] = value;
}

DK_INLINE float one_power(float x) {
    dk_f16x v = DK_SPLAT16(x);
    exp16(&v);
    return v[0];
}

static void distillation(float *logits, int64_t row, const int32_t *targets, const dk_teacher *teacher,
                         float *losses, float *divergences, int64_t rows, int64_t n, int64_t padded, bool gradient,
                         bool bfloat, float scale) {
    const int64_t k = teacher->count;
    const float inverse = 1 / teacher->temperature, alpha = teacher->alpha;
    const bool tempered = teacher->temperature != 1;
    for (int64_t r = 0; r < rows; r++) {
        float *z = logits + r * row;
        const int32_t *ids = teacher->ids + r * k, target = targets[r];
        const float *p = teacher->probabilities + r * k;
        losses[r] = divergences[r] = 0;
        if (target < 0) {
            if (gradient) memset(z, 0, (size_t)padded * 4);
            continue;
        }
        float sum, largest = largest_and_sum(z, n, &sum);
        float soft_sum = tempered ? sum_of_powers(z, n, largest, inverse) : sum;
        float named[DK_TEACHER_MAX], at_target = z[target] - largest;  // before their places are written over
        float p_rest = 1, q_rest = 1, divergence = 0;
        for (int64_t i = 0; i < k; i++) {
            named[i] = z[ids[i]] - largest;
            p_rest -= p[i];
            q_rest -= one_power(named[i] * inverse) / soft_sum;
            if (p[i] > 0)
                divergence += p[i] * (__builtin_logf(p[i]) - named[i] * inverse + __builtin_logf(soft_sum));
        }
        p_rest = p_rest > 0 ? p_rest : 0;
        q_rest = q_rest > dk_rest_min ? q_rest : dk_rest_min;
        if (p_rest > 0) divergence += p_rest * (__builtin_logf(p_rest) - __builtin_logf(q_rest));
        losses[r] = __builtin_logf(sum) - at_target;
        divergences[r] = divergence;
        if (!gradient) continue;
        float hard = scale * (1 - alpha), soft = scale * alpha * teacher->temperature;
        float hard_factor = hard / sum, soft_factor = soft / soft_sum * (1 - p_rest / q_rest);
        if (bfloat) blended_softmax(z, n, padded, largest, inverse, hard_factor, soft_factor, true);
        else blended_softmax(z, n, padded, largest, inverse, hard_factor, soft_factor, false);
        float own = one_power(at_target) * hard_factor + one_power(at_target * inverse) * soft_factor;
        set_gradient(z, target, own - hard, bfloat);
        for (int64_t i = 0; i < k; i++) {
            float q = one_power(named[i] * inverse) / soft_sum;
            float value = one_power(named[i]) * hard_factor + soft * (q - p[i]);
            set_gradient(z, ids[i], ids[i] == target ? value - hard : value, bfloat);
        }
    }
}
