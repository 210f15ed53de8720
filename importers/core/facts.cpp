// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/facts.h"

#include "models/core/translate.h"

namespace faultline {

void addFact(TextSink &sink, const TextLine &line, QByteArray subject, QByteArray key, QByteArray value)
{
    constexpr size_t MostFacts = 200'000;
    if (sink.evidence.facts.size() >= MostFacts) {
        sink.note(Severity::Warning, Code::LimitReached, line,
                  tr("More than %1 facts; from here on they are not kept").arg(MostFacts));
        return;
    }
    Fact fact;
    fact.line = line.number;
    if (line.time)
        fact.time = SourceInterval{*line.time, *line.time};
    fact.subject = std::move(subject);
    fact.key = std::move(key);
    fact.value = std::move(value);
    sink.evidence.facts.push_back(std::move(fact));
}

QByteArray leadingNumber(std::string_view text)
{
    constexpr size_t MostDigits = 20;
    size_t end = text.starts_with('-') ? 1 : 0;
    while (end < text.size() && end < MostDigits && text[end] >= '0' && text[end] <= '9')
        ++end;
    return QByteArray(text.data(), static_cast<qsizetype>(end));
}

} // namespace faultline
