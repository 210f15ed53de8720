// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/kubectl_logs/kubectllogs.h"

#include "importers/carriers/plain/plain.h"
#include "importers/core/facts.h"
#include "importers/core/headlines.h"
#include "models/core/translate.h"

namespace faultline {

namespace {

/// What stands before the program's text.
struct Prefix {
    std::optional<Stamp> stamp;
    std::string_view pod;
    std::string_view container;
    size_t length = 0;
    char stream = 0;
};

/// "[pod/name/container] 2026-11-23T16:41:07.722089115Z text"; a runtime's file has "stdout F " after the stamp
/// (kubernetes: pkg/kubelet/kuberuntime/logs).
Prefix readPrefix(std::string_view line)
{
    Prefix prefix;
    size_t from = 0;
    if (line.starts_with("[pod/")) {
        const size_t end = line.find("] ");
        const size_t slash = line.find('/', 5);
        if (end == std::string_view::npos || slash > end)
            return prefix;
        prefix.pod = line.substr(5, slash - 5);
        prefix.container = line.substr(slash + 1, end - slash - 1);
        from = end + 2;
        prefix.length = from;
    }
    auto stamp = readIsoStamp(line.substr(from));
    if (!stamp || !stamp->zoneSeconds || line[from + 10] != 'T')
        return prefix;
    size_t end = from + stamp->end;
    if (end < line.size() && line[end] != ' ')
        return prefix;
    end += end < line.size() ? size_t{1} : size_t{0};
    const std::string_view rest = line.substr(end);
    if (rest.starts_with("stdout F ") || rest.starts_with("stdout P ") || rest.starts_with("stderr F ")
        || rest.starts_with("stderr P ")) {
        prefix.stream = rest[3] == 'o' ? 'O' : 'E';
        end += 9;
    }
    prefix.stamp = stamp;
    prefix.length = end;
    return prefix;
}

class KubectlLogsDecoder final : public LineDecoder
{
public:
    /// `inner`: how the programs write their times, where the client was not asked for any.
    explicit KubectlLogsDecoder(StampFormat inner)
        : m_inner(std::move(inner))
    {
    }

    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        line = bareLine(line, byteOffset);
        DecodedLine decoded;
        decoded.payload = line;
        if (const Prefix prefix = readPrefix(line); prefix.stamp) {
            decoded.time = prefix.stamp->time;
            decoded.stream = prefix.stream;
            decoded.payload.remove_prefix(prefix.length);
        } else if (prefix.length > 0) {
            decoded.payload.remove_prefix(prefix.length);
            if (const auto stamp = m_inner.read(decoded.payload)) {
                decoded.time = stamp->time;
                decoded.payload.remove_prefix(
                    std::min(decoded.payload.size(), m_inner.payloadStart(decoded.payload, *stamp)));
            }
        }
        return decoded;
    }
    const StampFormat &inner() const { return m_inner; }

private:
    StampFormat m_inner;
};

class KubectlLogsSession final : public CarrierSession
{
public:
    explicit KubectlLogsSession(const SourceHead &head)
    {
        bool isOne = true;
        std::vector<std::string_view> unstamped;
        for (const std::string_view line : headLines(head)) {
            const Prefix prefix = readPrefix(line);
            if (prefix.length == 0)
                continue;
            if (!prefix.stamp)
                unstamped.push_back(line.substr(prefix.length));
            else if (!m_zone)
                m_zone = *prefix.stamp->zoneSeconds;
            if (m_pod.isEmpty()) {
                m_pod = toBytes(prefix.pod);
                m_container = toBytes(prefix.container);
            }
            isOne = isOne && m_pod == toBytes(prefix.pod) && m_container == toBytes(prefix.container);
        }
        if (!isOne) {
            m_pod.clear();
            m_container.clear();
        }
        const StampFormat inner = m_zone ? StampFormat() : StampFormat::detect(unstamped, head.modified);
        for (const std::string_view text : unstamped) {
            if (m_zone || (m_example = inner.read(text)))
                break;
        }
        m_decoder = std::make_shared<KubectlLogsDecoder>(inner);
    }

    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }
    void mark(int, const TextLine &, LineReader &, TextSink &) override {}
    void finish(LineReader &, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        if (m_zone) {
            evidence.basis = *m_zone == 0 ? TimeBasis::Utc : TimeBasis::Zoned;
            evidence.zone = zoneName(*m_zone);
            evidence.resolutionNs = 1;
        } else {
            describeClock(m_decoder->inner(), m_example, evidence);
        }
        evidence.identity.pod = m_pod;
        evidence.identity.container = m_container;
    }

private:
    std::shared_ptr<const KubectlLogsDecoder> m_decoder;
    std::optional<int> m_zone;
    std::optional<Stamp> m_example;
    QByteArray m_pod;
    QByteArray m_container;
};

} // namespace

ImporterInfo KubectlLogsCarrier::info() const
{
    return {"kubectl-logs", tr("Container log with time stamps"), SourceKind::Log, TimeBasis::Utc};
}

SniffResult KubectlLogsCarrier::sniff(const SourceHead &head) const
{
    const auto lines = headLines(head);
    std::ptrdiff_t stamped = 0;
    bool isCertain = false;
    std::ptrdiff_t fine = 0;
    std::ptrdiff_t prefixed = 0;
    for (const std::string_view line : lines) {
        const Prefix prefix = readPrefix(line);
        prefixed += prefix.length > 0 && !prefix.stamp ? 1 : 0;
        if (!prefix.stamp)
            continue;
        ++stamped;
        fine += prefix.stamp->resolutionNs == 1 ? 1 : 0;
        isCertain = isCertain || !prefix.pod.empty() || prefix.stream != 0;
    }
    if (prefixed > 0 && (prefixed + stamped) * 10 >= std::ssize(lines) * 8)
        return {88, tr("Each line begins with a pod and a container, as kubectl logs --prefix writes them")};
    if (stamped == 0 || stamped * 10 < std::ssize(lines) * 8)
        return {};
    if (isCertain)
        return {90, tr("Each line begins with a container's time stamp and its pod or stream")};
    return fine * 2 > stamped
               ? SniffResult{75, tr("Each line begins with a time stamp in nanoseconds, as container logs have it")}
               : SniffResult{};
}

std::unique_ptr<CarrierSession> KubectlLogsCarrier::open(const SourceHead &head) const
{
    return std::make_unique<KubectlLogsSession>(head);
}

} // namespace faultline
