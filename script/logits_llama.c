// Writes llama.cpp's logits: logits_llama FILE.gguf OUTPUT THREADS
// Standard input: token ids, 32-bit. Output: as of `danlu perplexity --logits-out`.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "llama.h"

static void quiet(enum ggml_log_level level, const char *text, void *user) {
    (void)user;
    if (level == GGML_LOG_LEVEL_ERROR) fputs(text, stderr);
}

int main(int count, char **arguments) {
    enum { TOKENS_MAX = 65536 };
    if (count != 4) return 2;
    llama_log_set(quiet, NULL);
    llama_backend_init();
    llama_token *ids = malloc(TOKENS_MAX * sizeof *ids);
    if (!ids) return 1;
    const int32_t tokens = (int32_t)fread(ids, sizeof *ids, TOKENS_MAX, stdin);
    struct llama_model *model = llama_model_load_from_file(arguments[1], llama_model_default_params());
    if (!model || tokens == 0) return 1;
    struct llama_context_params parameters = llama_context_default_params();
    parameters.n_ctx = (uint32_t)tokens;
    parameters.n_batch = (uint32_t)tokens;
    parameters.n_threads = parameters.n_threads_batch = atoi(arguments[3]);
    struct llama_context *context = llama_init_from_model(model, parameters);
    if (!context) return 1;
    struct llama_batch batch = llama_batch_init(tokens, 0, 1);
    batch.n_tokens = tokens;
    for (int32_t i = 0; i < tokens; i++) {
        batch.token[i] = ids[i];
        batch.pos[i] = i;
        batch.n_seq_id[i] = 1;
        batch.seq_id[i][0] = 0;
        batch.logits[i] = 1;
    }
    if (llama_decode(context, batch) != 0) return 1;
    const uint32_t vocabulary = (uint32_t)llama_vocab_n_tokens(llama_model_get_vocab(model));
    FILE *output = fopen(arguments[2], "wb");
    if (!output) return 1;
    const uint32_t header[] = {0x54474C44, 1, (uint32_t)tokens, vocabulary};
    fwrite(header, sizeof header, 1, output);
    for (int32_t i = 0; i < tokens; i++) fwrite(llama_get_logits_ith(context, i), sizeof(float), vocabulary, output);
    return fclose(output) != 0;
}
