// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/snapshots.h"

#include "importers/core/notes.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>
#include <map>

namespace faultline {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("faultline::Snapshots", text);
}

/// A page whose samples all hold at one time that it does not state itself.
bool isSnapshot(const SourceEvidence &source)
{
    return (source.format == "prometheus-text" || source.format == "openmetrics") && !source.series.empty()
           && source.first && source.first == source.last && source.coverage.size() == 1
           && source.coverage.front().how == CoverageHow::Assumed && source.basis != TimeBasis::None;
}

/// Series of one page by their name and labels.
using SeriesIndex = QHash<QByteArray, size_t>;

SeriesIndex indexOf(const SourceEvidence &source)
{
    SeriesIndex index;
    index.reserve(static_cast<qsizetype>(source.series.size()));
    for (size_t i = 0; i < source.series.size(); ++i)
        index.insert(source.series[i].id(), i);
    return index;
}

/// Moves the series of `later` into `first`; false where they are not mostly the same.
bool join(SourceEvidence &first, SeriesIndex &index, SourceEvidence &later)
{
    std::vector<QByteArray> ids;
    size_t known = 0;
    for (const Series &series : later.series) {
        ids.push_back(series.id());
        known += index.contains(ids.back()) ? size_t(1) : size_t(0);
    }
    if (known * 2 < std::min(later.series.size(), first.series.size()))
        return false;
    for (size_t i = 0; i < later.series.size(); ++i) {
        Series &series = later.series[i];
        if (const auto found = index.constFind(ids[i]); found != index.cend()) {
            Series &into = first.series[*found];
            into.times.insert(into.times.end(), series.times.begin(), series.times.end());
            into.values.insert(into.values.end(), series.values.begin(), series.values.end());
        } else {
            index.insert(ids[i], first.series.size());
            first.series.push_back(std::move(series));
        }
    }
    return true;
}

void finish(SourceEvidence &first, size_t pages)
{
    DurationNs longest = 0;
    for (Series &series : first.series) {
        std::vector<DurationNs> steps;
        for (size_t i = 1; i < series.times.size(); ++i)
            steps.push_back(series.times[i] - series.times[i - 1]);
        if (!steps.empty()) {
            std::ranges::nth_element(steps, steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2));
            series.stepNs = steps[steps.size() / 2];
        }
        longest = std::max(longest, series.stepNs);
        first.last = std::max(*first.last, series.times.back());
    }
    first.coverage.front().captured = SourceTime{first.last->ns + longest};
    addNote(first, Severity::Info, Code::Ok, {},
            tr("%1 snapshots of this page stand in its folder; their samples were joined here").arg(pages));
}

} // namespace

void joinSnapshots(const std::vector<std::shared_ptr<SourceEvidence>> &sources)
{
    std::map<QString, std::vector<SourceEvidence *>> folders;
    for (const auto &source : sources)
        if (source && isSnapshot(*source))
            folders[source->path.first(source->path.lastIndexOf(u'/') + 1)].push_back(source.get());
    for (auto &[folder, pages] : folders) {
        std::ranges::stable_sort(pages, {}, [](const SourceEvidence *page) { return *page->first; });
        // Pages of several programs may stand in one folder: each is joined to the first that it is alike.
        while (pages.size() > 1) {
            SourceEvidence &first = *pages.front();
            SeriesIndex index = indexOf(first);
            std::vector<SourceEvidence *> others;
            SourceTime last = *first.first;
            size_t joined = 1;
            for (size_t i = 1; i < pages.size(); ++i) {
                SourceEvidence &page = *pages[i];
                if (*page.first == last || !join(first, index, page)) {
                    others.push_back(&page);
                    continue;
                }
                last = *page.first;
                ++joined;
                page.series.clear();
                addNote(page, Severity::Info, Code::Ok, {},
                        tr("A snapshot; its samples stand with those of %1").arg(first.path));
            }
            if (joined > 1)
                finish(first, joined);
            pages = std::move(others);
        }
    }
}

} // namespace faultline
