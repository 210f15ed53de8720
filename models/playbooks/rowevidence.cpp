// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/rowevidence.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr size_t MostRowsTaken = 64;
constexpr qsizetype MostTextBytes = 1000;

std::optional<qint64> integer(const Rows &rows, size_t row, QStringView column)
{
    const QVariant value = rows.value(row, column);
    bool good = false;
    const qint64 number = value.isValid() && !value.isNull() ? value.toLongLong(&good) : 0;
    return good ? std::optional(number) : std::nullopt;
}

QByteArray bytes(const Rows &rows, size_t row, QStringView column)
{
    return rows.value(row, column).toString().toUtf8();
}

Identity identityOf(const Rows &rows, size_t row)
{
    Identity identity;
    identity.host = bytes(rows, row, u"host");
    identity.pod = bytes(rows, row, u"pod");
    identity.container = bytes(rows, row, u"container");
    identity.cgroup = bytes(rows, row, u"cgroup");
    identity.job = bytes(rows, row, u"job");
    identity.pid = integer(rows, row, u"pid").value_or(-1);
    return identity;
}

void fillText(EvidenceRef &ref, const Evidence &evidence)
{
    const auto &source = evidence.sources[static_cast<size_t>(ref.source)];
    if (!ref.text.isEmpty() || ref.line <= 0 || !source->text)
        return;
    const std::vector<TimedLine> lines = decodeLines(*source, ref.line, 1);
    if (!lines.empty())
        ref.text = lines.front().text;
}

EvidenceRef refOf(const Rows &rows, size_t row, const Evidence &evidence)
{
    EvidenceRef ref;
    if (const auto source = integer(rows, row, u"source");
        source && *source >= 0 && static_cast<size_t>(*source) < evidence.sources.size())
        ref.source = static_cast<int>(*source);
    ref.line = ref.source < 0 ? 0 : std::max<qint64>(0, integer(rows, row, u"line").value_or(0));
    ref.lastLine = std::max(ref.line, integer(rows, row, u"last_line").value_or(0));
    ref.text = bytes(rows, row, u"text");
    if (const auto time = integer(rows, row, u"time")) {
        const TimeNs at{*time};
        ref.time = PlacedTime{at, TimeNs{integer(rows, row, u"time_lo").value_or(*time)},
                              TimeNs{integer(rows, row, u"time_hi").value_or(*time)}};
    }
    bool isNumber = false;
    const double value = rows.value(row, u"value").toDouble(&isNumber);
    if (isNumber)
        ref.value = value;
    if (const auto series = integer(rows, row, u"series")) {
        const std::vector<SeriesRef> all = evidence.allSeries();
        if (*series >= 0 && static_cast<size_t>(*series) < all.size()) {
            ref.series = static_cast<int>(*series);
            ref.source = all[static_cast<size_t>(*series)].source;
            ref.line = ref.lastLine = 0;
        }
    }
    if (ref.source >= 0)
        fillText(ref, evidence);
    ref.text.truncate(MostTextBytes);
    return ref;
}

void setStrength(RowEvidence &row, const QString &strength)
{
    if (strength.isEmpty())
        return;
    row.provesIfShared = strength == u"proves if shared";
    row.onlyIfShared = strength.endsWith(u" only if shared");
    row.strength = strength.startsWith(u"proves") && !row.provesIfShared ? Strength::Proves
                   : strength.startsWith(u"hints")                       ? Strength::Hints
                                                                         : Strength::Supports;
}

} // namespace

std::vector<RowEvidence> rowEvidence(const Rows &rows, const Evidence &evidence)
{
    std::vector<RowEvidence> taken;
    for (size_t row = 0; row < std::min(rows.rows.size(), MostRowsTaken); ++row) {
        RowEvidence one;
        one.ref = refOf(rows, row, evidence);
        one.identity = identityOf(rows, row);
        if (one.ref.series >= 0 && one.identity == Identity())
            one.identity = seriesIdentity(evidence.series(evidence.allSeries()[static_cast<size_t>(one.ref.series)]));
        setStrength(one, rows.value(row, u"strength").toString());
        one.answer = rows.value(row, u"answer");
        const QJsonObject fields = QJsonDocument::fromJson(bytes(rows, row, u"fields")).object();
        for (auto field = fields.begin(); field != fields.end(); ++field)
            one.values[field.key()] = field.value().toVariant();
        for (qsizetype column = 0; column < rows.columns.size(); ++column) {
            const QVariant &value = rows.rows[row][static_cast<size_t>(column)];
            if (value.isValid() && !value.isNull())
                one.values[rows.columns[column]] = value;
        }
        taken.push_back(std::move(one));
    }
    return taken;
}

Kinship kinshipOf(const RowEvidence &row, const Failure &failure, const RunIdentity &run)
{
    if (row.ref.source >= 0 && row.ref.source == failure.source)
        return Kinship::Shared;
    return run.kinship(row.identity);
}

} // namespace faultline
