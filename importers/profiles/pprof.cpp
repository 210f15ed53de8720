// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/profiles/pprof.h"

#include "importers/core/notes.h"
#include "importers/profiles/inflate.h"
#include "importers/profiles/legacyprofile.h"
#include "importers/profiles/protoprofile.h"
#include "models/core/translate.h"

#include <algorithm>

#include <protozero/pbf_reader.hpp>

namespace faultline {

namespace {

using protozero::pbf_reader;

/// Whether the fields at the start are those of a profile message.
bool looksLikeProfile(QByteArrayView bytes)
{
    pbf_reader reader(bytes.data(), static_cast<size_t>(bytes.size()));
    int good = 0;
    try {
        while (good < 8 && reader.next()) {
            const bool message = reader.wire_type() == protozero::pbf_wire_type::length_delimited;
            const bool number = reader.wire_type() == protozero::pbf_wire_type::varint;
            const auto tag = reader.tag();
            const bool known = (tag >= 1 && tag <= 6 && message)
                               || ((tag == 7 || tag == 8 || tag == 9 || tag == 10 || tag == 12 || tag == 14) && number)
                               || (tag == 11 && message) || (tag == 13 && (message || number)) || (tag == 15 && number);
            if (!known)
                return false;
            // A sample type is two small numbers.
            if (tag == 1 && good == 0) {
                pbf_reader type(reader.get_view());
                while (type.next()) {
                    if (type.wire_type() != protozero::pbf_wire_type::varint || type.tag() > 2)
                        return false;
                    type.skip();
                }
            } else {
                reader.skip();
            }
            ++good;
        }
    } catch (const protozero::exception &) {
        // The head cuts the last field.
    }
    return good >= 3;
}

bool looksLikeLegacy(QByteArrayView bytes)
{
    return LegacyCpuProfile::looksLike(bytes)
           || LegacyTextProfile::looksLike({bytes.data(), static_cast<size_t>(bytes.size())});
}

} // namespace

ImporterInfo Pprof::info() const
{
    return {"pprof", tr("Profile (pprof)"), SourceKind::Profile, TimeBasis::Utc};
}

SniffResult Pprof::sniff(const SourceHead &head) const
{
    constexpr qsizetype MostHead = 256 * 1024;
    QByteArray bytes = head.bytes;
    const bool gzip = isGzip(bytes);
    if (gzip)
        bytes = inflateGzip(bytes, MostHead).bytes;
    if (looksLikeLegacy(bytes))
        return {85, tr("it begins as profiles of pprof's older forms do")};
    if (bytes.startsWith("{") || bytes.startsWith("<") || bytes.startsWith("# ") || !looksLikeProfile(bytes))
        return {};
    return {gzip ? 92 : 80, tr("it is a protobuf message with the fields of a pprof profile")};
}

ImportOutcome Pprof::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                          const ImportContext &context) const
{
    evidence.kind = SourceKind::Profile;
    auto content = bytes->bytes(0, std::min(bytes->size(), MostBytes));
    if (!content) {
        addNote(evidence, Severity::Error, content.error().code, {}, content.error().message);
        return ImportOutcome::Broken;
    }
    if (isGzip(*content)) {
        const qint64 most = std::min(MostBytes, std::max(FreeInflated, content->size() * MostRatio));
        Inflated inflated = inflateGzip(*content, most);
        if (inflated.capped)
            addNote(evidence, Severity::Warning, Code::LimitReached, {},
                    tr("Only the first %1 MB were read").arg(most / 1024 / 1024));
        else if (!inflated.whole)
            addNote(evidence, context.forced ? Severity::Error : Severity::Warning, Code::Truncated,
                    {0, 0, inflated.bytes.size()}, tr("The compressed data breaks off or is damaged"));
        *content = std::move(inflated.bytes);
    }
    if (LegacyCpuProfile::looksLike(*content))
        return LegacyCpuProfile(*content, evidence, context).read();
    if (const std::string_view text(content->constData(), static_cast<size_t>(content->size()));
        LegacyTextProfile::looksLike(text))
        return LegacyTextProfile(text, evidence, context).read();
    return ProtoProfile(*content, evidence, context).read();
}

} // namespace faultline
