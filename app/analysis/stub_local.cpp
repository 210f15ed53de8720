#include "app/analysis/analyze.h"
namespace faultline { __attribute__((weak)) Diagnosis diagnose(const Analysis &, Querier &, const PlaybookSet &, const HandAnswers &, const CancelToken &){return {};} }
