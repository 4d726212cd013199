#include "check.h"
void test_attention(void) {}
