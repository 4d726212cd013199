/* Softmax regression over hashed n-grams, as Sources/Languages/Identification looks them up.
 *
 *   train TABLES SAMPLES features bits width languages epochs seed > weights (float32: biases, then rows)
 *
 * TABLES: 65,536 bytes of scripts, then 65,536 little-endian u16 of folded scalars. SAMPLES: a line for each sample,
 * the number of the language, a tab, UTF-8. Built by train.py. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HAN = 5, KANA = 6, FEATURES_MAX = 1 << 14 };
static const uint64_t M[5] = {0x9E3779B97F4A7C15u, 0xC2B2AE3D27D4EB4Fu, 0x165667B19E3779F9u, 0xD6E8FEB86659FD93u,
                              0xFF51AFD7ED558CCDu};
static uint8_t scripts[65536];
static uint16_t folded[65536];
static uint64_t state = 1;

static uint64_t next_random(void) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return state * 0x2545F4914F6CDD1Du;
}
static float uniform(void) { return (float)(next_random() >> 40) / (float)(1 << 24); }

/* The rows of a text, `script` being that of the table (HAN: signs). */
static int rows_of(const uint8_t *text, int length, int script, int bits, uint32_t *rows) {
  int count = 0, run = 0;
  uint64_t last = 0, word = 0;
  for (int i = 0; i <= length && count < FEATURES_MAX - 8;) {
    uint32_t c = 0;
    if (i == length) i++;
    else if (text[i] < 0x80) c = text[i++];
    else if (text[i] < 0xE0) c = (text[i] & 31u) << 6 | (text[i + 1] & 63u), i += 2;
    else if (text[i] < 0xF0) c = (text[i] & 15u) << 12 | (text[i + 1] & 63u) << 6 | (text[i + 2] & 63u), i += 3;
    else c = (text[i] & 7u) << 18 | (text[i + 1] & 63u) << 12 | (text[i + 2] & 63u) << 6 | (text[i + 3] & 63u), i += 4;
    int s = c < 65536 ? scripts[c] : c >= 0x20000 && c < 0x40000 ? HAN : 0;
    uint64_t f = c < 65536 ? folded[c] : c & 0xFFFF;
    if (script == HAN) {
      if (s != HAN && s != KANA) { run = 0, last = 0; continue; }
      last = (last << 16 & 0xFFFFFFFFu) | f;
      rows[count++] = (uint32_t)(((last & 0xFFFF) * M[3]) >> (64 - bits));
      if (run++) rows[count++] = (uint32_t)((last * M[0]) >> (64 - bits));
      continue;
    }
    if (s != script) {
      if (!run) continue;
      f = 0x20;
    } else if (!run) last = 0x20, word = 0xCBF29CE484222325u;
    last = last << 16 | f, run++;
    rows[count++] = (uint32_t)(((last & 0xFFFFFFFFu) * M[0]) >> (64 - bits));
    if (run >= 2) rows[count++] = (uint32_t)(((last & 0xFFFFFFFFFFFFu) * M[1]) >> (64 - bits));
    if (run >= 3) rows[count++] = (uint32_t)((last * M[2]) >> (64 - bits));
    if (s == script) word = (word ^ f) * 0x100000001B3u;
    else {
      if (run - 1 >= 3) rows[count++] = (uint32_t)((word * M[4]) >> (64 - bits));
      run = 0;
    }
  }
  return count;
}

typedef struct { int language, length; const uint8_t *text; } Sample;

static void step(const uint32_t *rows, int count, int language, float *w, float *bias, int width, int languages,
                 float rate, float decay) {
  float scores[32] = {0}, highest = -1e30f, total = 0, norm = 1 / sqrtf((float)count);
  for (int i = 0; i < count; i++)
    for (int j = 0; j < width; j++) scores[j] += w[(size_t)rows[i] * width + j];
  for (int j = 0; j < languages; j++) {
    scores[j] = scores[j] * norm + bias[j];
    if (scores[j] > highest) highest = scores[j];
  }
  for (int j = 0; j < languages; j++) total += scores[j] = expf(scores[j] - highest);
  for (int j = 0; j < languages; j++) scores[j] = scores[j] / total - (j == language);
  for (int j = languages; j < width; j++) scores[j] = 0;
  for (int j = 0; j < languages; j++) bias[j] -= 0.02f * rate * scores[j];
  for (int i = 0; i < count; i++) {
    float *row = w + (size_t)rows[i] * width;
    for (int j = 0; j < width; j++) row[j] -= rate * (scores[j] * norm + decay * row[j]);
  }
}

int main(int argc, char **argv) {
  if (argc != 9) return 2;
  FILE *tables = fopen(argv[1], "rb"), *file = fopen(argv[2], "rb");
  if (!tables || !file || fread(scripts, 1, 65536, tables) != 65536 || fread(folded, 2, 65536, tables) != 65536) return 1;
  int script = atoi(argv[3]), bits = atoi(argv[4]), width = atoi(argv[5]), languages = atoi(argv[6]);
  int epochs = atoi(argv[7]);
  state = strtoull(argv[8], 0, 10) * 2 + 1;
  fseek(file, 0, SEEK_END);
  long bytes = ftell(file);
  rewind(file);
  uint8_t *text = malloc((size_t)bytes + 8);
  if (fread(text, 1, (size_t)bytes, file) != (size_t)bytes) return 1;
  int samples = 0;
  for (long i = 0; i < bytes; i++) samples += text[i] == '\n';
  Sample *all = malloc(sizeof(Sample) * (size_t)samples);
  long place = 0;
  for (int i = 0; i < samples; i++) {
    char *end;
    all[i].language = (int)strtol((char *)text + place, &end, 10);
    all[i].text = (uint8_t *)end + 1;
    uint8_t *stop = memchr(all[i].text, '\n', (size_t)(text + bytes - all[i].text));
    all[i].length = (int)(stop - all[i].text);
    place = stop - text + 1;
  }
  float *w = calloc((size_t)width << bits, 4), bias[32] = {0};
  static uint32_t rows[FEATURES_MAX];
  long total = (long)epochs * samples, done = 0;
  for (int epoch = 0; epoch < epochs; epoch++) {
    for (int i = samples - 1; i > 0; i--) {
      int j = (int)(next_random() % (uint64_t)(i + 1));
      Sample swap = all[i];
      all[i] = all[j], all[j] = swap;
    }
    for (int i = 0; i < samples; i++, done++) {
      int count = rows_of(all[i].text, all[i].length, script, bits, rows), kept = 0;
      /* Without some of its n-grams a sample teaches the others too. */
      float keep = 0.5f + 0.5f * uniform();
      for (int k = 0; k < count; k++)
        if (uniform() < keep) rows[kept++] = rows[k];
      if (kept) step(rows, kept, all[i].language, w, bias, width, languages,
                     0.6f * (1 - (float)done / (float)total), 2e-6f);
    }
  }
  fwrite(bias, 4, (size_t)languages, stdout);
  fwrite(w, 4, (size_t)width << bits, stdout);
  return 0;
}
