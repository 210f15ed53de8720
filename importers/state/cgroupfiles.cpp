// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/cgroupfiles.h"

#include "importers/core/cursor.h"
#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "importers/state/hostfacts.h"
#include "importers/state/hostsections.h"
#include "models/core/translate.h"

#include <array>

namespace faultline {

namespace {

constexpr std::array Controllers{"memory", "cpu",     "cpuacct", "cpuset", "pids",       "blkio",
                                 "io",     "hugetlb", "rdma",    "cgroup", "cpu,cpuacct"};

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

/// A file of a group on its own, by what only such files hold; or by its name, where its content may be such a file's.
std::optional<QByteArray> loneFile(const QString &name, const std::vector<std::string_view> &lines)
{
    struct Known {
        std::string_view first;
        std::string_view second;
        const char *file;
    };
    // Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst
    static constexpr std::array Contents{Known{"low ", "high ", "memory.events"},
                                         Known{"anon ", "file ", "memory.stat"},
                                         Known{"cache ", "rss ", "memory.stat"},
                                         Known{"usage_usec ", "user_usec ", "cpu.stat"},
                                         Known{"nr_periods ", "nr_throttled ", "cpu.stat"},
                                         Known{"oom_kill_disable ", "under_oom ", "memory.oom_control"}};
    const QByteArray file = lastTwoParts(name).split('/').back();
    const std::string_view view(file.constData(), static_cast<size_t>(file.size()));
    if (lines.empty())
        return std::nullopt;
    for (const Known &known : Contents)
        if (lines.size() >= 2 && lines[0].starts_with(known.first) && lines[1].starts_with(known.second)
            && lines[0].size() < 64 && Cursor::isDigit(lines[0].back()))
            return file.startsWith("memory.") || file.startsWith("cpu.") ? file : QByteArray(known.file);
    if (!isCgroupFile(view) || view.ends_with(".log") || view.ends_with(".txt") || view.ends_with(".json"))
        return std::nullopt;
    // "max", "12345", "100000 100000", "oom_kill 3", "8:0 rbytes=…", "some avg10=…"
    for (const std::string_view line : lines) {
        const bool bare = line == "max" || line.find_first_not_of("0123456789 ") == std::string_view::npos;
        const size_t space = line.find(' ');
        const bool pair = space != std::string_view::npos && space + 1 < line.size()
                          && (Cursor::isDigit(line[space + 1]) || line.contains('=') || line.ends_with("max"));
        if (line.size() > 512 || (!bare && !pair && !(line.starts_with("max ") && space != std::string_view::npos)))
            return std::nullopt;
    }
    return file;
}

/// Takes the mount point and, for v1, the controller's folder off the path.
Place placeOf(std::string_view path)
{
    Place place;
    const size_t slash = path.rfind('/');
    const QByteArray file(path.data() + (slash + 1), static_cast<qsizetype>(path.size() - (slash + 1)));
    place.file = file;
    std::string_view folder = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
    // Bundles of a system keep its paths below a folder of their own.
    constexpr std::string_view Mount = "/sys/fs/cgroup";
    if (const size_t mount = folder.find(Mount); mount != std::string_view::npos)
        folder.remove_prefix(mount + Mount.size());
    else if (folder.starts_with("sys/fs/cgroup"))
        folder.remove_prefix(Mount.size() - 1);
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
    if (cgroup > 0 && cgroup * 2 >= headers)
        return {95, tr("it holds files of /sys/fs/cgroup one after another")};
    if (headers == 0 && loneFile(head.name, headLines(head, 100)))
        return {88, tr("it holds what a file of /sys/fs/cgroup does")};
    return {};
}

ImportOutcome CgroupFiles::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                                const ImportContext &context) const
{
    evidence.kind = SourceKind::HostState;
    const auto text = readHostState(bytes, evidence);
    if (!text)
        return ImportOutcome::Broken;
    std::optional<Place> place;
    std::vector<std::string_view> lines;
    for (qint64 number = 1; number <= std::min<qint64>(100, text->lineCount()); ++number)
        lines.push_back(text->line(number));
    if (!lines.empty() && headerPath(lines.front()).empty()) {
        if (const auto file = loneFile(evidence.path, lines)) {
            const QByteArray path = evidence.path.toUtf8();
            place = placeOf({path.constData(), static_cast<size_t>(path.size())});
            place->file = *file;
            if (!path.contains("sys/fs/cgroup"))
                place->cgroup = "/"; // which group it was is not known
        }
    }
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
