#include "danlu_kernels.h"
