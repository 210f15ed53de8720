// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/cgroupfiles.h"

#include "importers/core/cursor.h"
#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "importers/state/hostfacts.h"

#include <QCoreApplication>

#include <array>

namespace faultline {

namespace {

constexpr std::array Controllers{"memory", "cpu",     "cpuacct", "cpuset", "pids",       "blkio",
                                 "io",     "hugetlb", "rdma",    "cgroup", "cpu,cpuacct"};

QString tr(const char *text)
{
    return QCoreApplication::translate("faultline::CgroupFiles", text);
}

/// The path between "==> " and " <=="; empty where the line is no such header.
std::string_view headerPath(std::string_view line)
{
    if (!line.starts_with("==> ") || !line.ends_with(" <=="))
        return {};
    return line.substr(4, line.size() - 8);
}

bool isCgroupFile(std::string_view path)
{
    const std::string_view file = path.substr(path.rfind('/') + 1);
    const std::string_view controller = file.substr(0, file.find('.'));
    return file.contains('.') && (path.contains("/cgroup") || std::ranges::any_of(Controllers, [&](const char *known) {
                                      return controller == known;
                                  }));
}

struct Place {
    QByteArray cgroup; ///< "/ci-ledger-65b67674"
    QByteArray file;   ///< "memory.limit_in_bytes"
};

/// Takes the mount point and, for v1, the controller's folder off the path.
Place placeOf(std::string_view path)
{
    Place place;
    const size_t slash = path.rfind('/');
    const QByteArray file(path.data() + (slash + 1), static_cast<qsizetype>(path.size() - (slash + 1)));
    place.file = file;
    std::string_view folder = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
    constexpr std::string_view Mount = "/sys/fs/cgroup";
    if (folder.starts_with(Mount))
        folder.remove_prefix(Mount.size());
    if (folder.starts_with('/')) {
        const std::string_view first = folder.substr(1, folder.find('/', 1) - 1);
        const bool isController = std::ranges::any_of(Controllers, [&](const char *known) { return first == known; });
        if (isController || first == "unified")
            folder.remove_prefix(first.size() + 1);
    }
    place.cgroup = folder.empty() ? QByteArray("/") : QByteArray(folder.data(), static_cast<qsizetype>(folder.size()));
    return place;
}

/// "nr_throttled 82", "320Mi" or "some avg10=0.00 avg60=…": key and value pairs of a file's line.
void readLine(std::string_view line, qint64 number, const Place &place, SourceEvidence &evidence)
{
    const QByteArray subject = "cgroup/" + place.cgroup;
    Identity identity;
    identity.cgroup = place.cgroup;
    const auto add = [&](const QByteArray &key, std::string_view value) {
        addHostFact(evidence, number, subject, key, QByteArray(value.data(), static_cast<qsizetype>(value.size())),
                    identity);
    };
    Cursor cursor(line);
    cursor.blanks();
    const std::string_view first = cursor.word();
    cursor.blanks();
    if (cursor.atEnd())
        return add(place.file, first);
    const QByteArray key = place.file + '.' + QByteArray(first.data(), static_cast<qsizetype>(first.size()));
    if (!cursor.rest().contains('='))
        return add(Cursor::isDigit(first.empty() ? ' ' : first[0]) && place.file == "cpu.max" ? place.file : key,
                   cursor.rest());
    while (!cursor.atEnd()) {
        const std::string_view pair = cursor.word();
        cursor.blanks();
        const size_t equals = pair.find('=');
        if (equals != std::string_view::npos)
            add(key + '.' + QByteArray(pair.data(), static_cast<qsizetype>(equals)), pair.substr(equals + 1));
    }
}

} // namespace

ImporterInfo CgroupFiles::info() const
{
    return {"cgroup-files", tr("Files of a control group"), SourceKind::HostState, TimeBasis::None};
}

SniffResult CgroupFiles::sniff(const SourceHead &head) const
{
    int headers = 0;
    int cgroup = 0;
    for (const std::string_view line : headLines(head)) {
        const std::string_view path = headerPath(line);
        if (path.empty())
            continue;
        ++headers;
        cgroup += isCgroupFile(path);
    }
    return cgroup > 0 && cgroup * 2 >= headers
               ? SniffResult{95, tr("it holds files of /sys/fs/cgroup one after another")}
               : SniffResult{};
}

ImportOutcome CgroupFiles::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                                const ImportContext &context) const
{
    evidence.kind = SourceKind::HostState;
    const auto text = readHostState(bytes, evidence);
    if (!text)
        return ImportOutcome::Broken;
    std::optional<Place> place;
    for (qint64 number = 1; number <= text->lineCount(); ++number) {
        const std::string_view line = text->line(number);
        if (const std::string_view path = headerPath(line); !path.empty())
            place = isCgroupFile(path) ? std::optional(placeOf(path)) : std::nullopt;
        else if (place && line.find_first_not_of(" \t") != std::string_view::npos)
            readLine(line, number, *place, evidence);
        else if (!place && context.forced && !line.empty())
            addNote(evidence, Severity::Error, Code::BadSyntax, text->position(number),
                    tr("Text before the first file's name"));
    }
    return ImportOutcome::Read;
}

} // namespace faultline
