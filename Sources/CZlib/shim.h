/* zlib from the system: package zlib1g-dev on Debian, part of macOS. */
#include <zlib.h>
