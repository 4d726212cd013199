/* Zstandard from the system: package libzstd-dev on Debian. */
#include <zstd.h>
