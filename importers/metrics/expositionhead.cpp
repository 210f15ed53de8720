// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/expositionhead.h"

#include "importers/metrics/exposition.h"
#include "importers/metrics/expositionrules.h"

namespace faultline {

HeadCount countHead(const SourceHead &head)
{
    constexpr int MostLines = 400;
    HeadCount count;
    ExpositionSample sample;
    std::string_view text(head.bytes.constData(), static_cast<size_t>(head.bytes.size()));
    count.eof = text.contains("\n# EOF") || text.starts_with("# EOF");
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    for (int line = 0; line < MostLines && !text.empty(); ++line) {
        const size_t end = text.find('\n');
        if (end == std::string_view::npos && static_cast<qint64>(head.bytes.size()) < head.size)
            break;
        std::string_view one = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (one.ends_with('\r'))
            one.remove_suffix(1);
        if (one.find_first_not_of(" \t") == std::string_view::npos)
            continue;
        if (const auto metadata = parseMetadata(one)) {
            ++count.metadata;
            count.openMetadata += metadata->keyword == "UNIT" || metadata->text == "info"
                                  || metadata->text == "stateset" || metadata->text == "gaugehistogram"
                                  || metadata->text == "unknown";
            continue;
        }
        if (one[one.find_first_not_of(" \t")] == '#')
            continue;
        const bool isSample = !parseExpositionLine(one, ExpositionDialect::Prometheus, sample);
        const bool dump = one.starts_with("{") && one.contains("__name__=");
        if (!isSample) {
            ++count.bad;
            continue;
        }
        ++count.samples;
        count.dump += dump;
        count.stamped += sample.timestamp.has_value();
        count.floatStamps += sample.timestamp && sample.timestamp->contains('.');
    }
    return count;
}

bool namedAsMetrics(const QString &name)
{
    return name.endsWith(QLatin1StringView(".prom")) || name.endsWith(QLatin1StringView(".metrics"))
           || name.endsWith(QLatin1StringView(".om.txt")) || name.endsWith(QLatin1StringView(".om"));
}

} // namespace faultline
