// All templates of training, in the order in which they use each other. Each variant includes this once.
#include "panel_product.h"
#include "panels.h"
#include "norms.h"
#include "projections.h"
#include "swiglu.h"
#include "attention_backward.h"
#include "cross_entropy.h"
#include "optimizers.h"
