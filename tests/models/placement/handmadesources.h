// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placement/placement.h"

namespace faultline::test {

constexpr qint64 Noon = 1'700'049'600 * NsPerSecond; // 2023-11-15T12:00:00Z

constexpr DurationNs seconds(double value)
{
    return static_cast<DurationNs>(value * 1e9);
}

/// Lines "SECONDS text" whose stamps count from `base`.
class FromBaseDecoder final : public LineDecoder
{
public:
    explicit FromBaseDecoder(qint64 base)
        : m_base(base)
    {
    }
    DecodedLine decode(std::string_view line, qint64) const override
    {
        const size_t space = line.find(' ');
        DecodedLine decoded;
        decoded.payload = space == std::string_view::npos ? line : line.substr(space + 1);
        bool isNumber = false;
        const double value =
            QByteArray(line.data(), static_cast<qsizetype>(std::min(space, line.size()))).toDouble(&isNumber);
        if (isNumber)
            decoded.time = SourceTime{m_base + seconds(value)};
        return decoded;
    }

private:
    qint64 m_base;
};

/// A source of text with one event a line given: time from `base` in seconds, and the text.
struct HandmadeSource {
    std::shared_ptr<SourceEvidence> evidence = std::make_shared<SourceEvidence>();
    qint64 base = 0;
    QByteArray text;

    HandmadeSource(SourceKind kind, TimeBasis basis, qint64 baseNs, DurationNs resolution = NsPerMillisecond)
        : base(baseNs)
    {
        evidence->kind = kind;
        evidence->basis = basis;
        evidence->resolutionNs = resolution;
        evidence->zone = basis == TimeBasis::Utc ? "UTC" : "";
    }

    Event &event(double at, const QByteArray &line, const QByteArray &signature = "x", Fields fields = {})
    {
        text += QByteArray::number(at, 'f', 6) + ' ' + line + '\n';
        Event event;
        event.line = event.lastLine = text.count('\n');
        event.time = SourceInterval{time(at), time(at)};
        event.signature = signature;
        event.text = line;
        event.fields = std::move(fields);
        note(time(at));
        return evidence->events.emplace_back(event);
    }
    void line(double at, const QByteArray &line)
    {
        text += QByteArray::number(at, 'f', 6) + ' ' + line + '\n';
        note(time(at));
    }
    /// A series with a sample a second from `from` on.
    void series(const QByteArray &name, std::vector<Label> labels, double from, const std::vector<double> &values)
    {
        Series series{name, std::move(labels), SeriesKind::Gauge, "bytes", NsPerSecond, {}, values, 1};
        for (size_t i = 0; i < values.size(); ++i) {
            series.times.push_back(time(from + static_cast<double>(i)));
            note(series.times.back());
        }
        evidence->series.push_back(std::move(series));
    }
    void range(double from, double to)
    {
        note(time(from));
        note(time(to));
    }
    SourceTime time(double at) const { return {base + seconds(at)}; }

    std::shared_ptr<const SourceEvidence> done()
    {
        if (!text.isEmpty()) {
            evidence->text = std::make_shared<TextStore>(memorySource(evidence->path, text),
                                                         std::vector<TextBlock>{{0, 1}}, text.count('\n'));
            evidence->decoder = std::make_shared<FromBaseDecoder>(base);
        }
        return evidence;
    }

private:
    void note(SourceTime at)
    {
        if (!evidence->first || at < *evidence->first)
            evidence->first = at;
        if (!evidence->last || at > *evidence->last)
            evidence->last = at;
    }
};

inline QByteArray oomKill(int pid, const QByteArray &comm)
{
    return "Memory cgroup out of memory: Killed process " + QByteArray::number(pid) + " (" + comm
           + ") total-vm:1kB, anon-rss:1kB, file-rss:0kB";
}
inline QByteArray oomConstraint(int pid, const QByteArray &comm, const QByteArray &cgroup)
{
    return "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=" + cgroup
           + ",task_memcg=" + cgroup + ",task=" + comm + ",pid=" + QByteArray::number(pid) + ",uid=0";
}

inline Evidence evidenceOf(std::vector<std::shared_ptr<const SourceEvidence>> sources)
{
    return Evidence{std::move(sources)};
}

} // namespace faultline::test
