// helper.h: what a helper process of a crew does with what it is sent (see runtime/parallel/crew.h).
#pragma once
#include "runtime/parallel/crew.h"

namespace rondo {

// Labels and runs of tables of points.
Prepare helper_tasks();

}  // namespace rondo
