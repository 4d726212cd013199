// Encodes texts with llama.cpp's library: tokenizer_llama FILE.gguf SPECIAL
// Standard input: texts, each a 32-bit length and its bytes. Standard output: for each a line of ids.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "llama.h"

static void quiet(enum ggml_log_level level, const char *text, void *user) {
    (void)user;
    if (level == GGML_LOG_LEVEL_ERROR) fputs(text, stderr);
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    llama_log_set(quiet, NULL);
    llama_backend_init();
    struct llama_model_params parameters = llama_model_default_params();
    parameters.vocab_only = true;
    struct llama_model *model = llama_model_load_from_file(arguments[1], parameters);
    if (!model) return 1;
    const struct llama_vocab *vocab = llama_model_get_vocab(model);
    const bool special = strcmp(arguments[2], "1") == 0;
    uint32_t length;
    while (fread(&length, sizeof length, 1, stdin) == 1) {
        char *text = malloc(length + 1);
        const int32_t room = (int32_t)length * 4 + 16;
        llama_token *ids = malloc((size_t)room * sizeof *ids);
        if (!text || !ids || fread(text, 1, length, stdin) != length) return 1;
        const int32_t found = llama_tokenize(vocab, text, (int32_t)length, ids, room, false, special);
        if (found < 0) return 1;
        for (int32_t i = 0; i < found; i++) printf(i ? " %d" : "%d", ids[i]);
        putchar('\n');
        free(text);
        free(ids);
    }
    return 0;
}
