// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/snapshots.h"

#include "importers/core/notes.h"
#include "models/core/translate.h"

#include <QHash>

#include <algorithm>
#include <map>

namespace faultline {

namespace {

/// A page that was read at one moment: one sample a series, all of one time, or of times that it states (as cAdvisor does) close together.
bool isSnapshot(const SourceEvidence &source)
{
    constexpr DurationNs MostSpread = 5 * 60 * NsPerSecond;
    return (source.format == "prometheus-text" || source.format == "openmetrics") && !source.series.empty()
           && source.first && source.last && *source.last - *source.first <= MostSpread && source.coverage.size() == 1
           && source.basis != TimeBasis::None
           && std::ranges::all_of(source.series, [](const Series &series) { return series.times.size() == 1; });
}

/// Pages of one program, joined into the first of them.
struct Group {
    SourceEvidence *first = nullptr;
    SourceTime last;
    size_t pages = 1;
    QHash<QByteArray, size_t> series; ///< By name and labels.
};

/// All groups of one folder. Pages of several programs may stand there: each page is joined to the first group that it is alike.
class Folder
{
public:
    void add(SourceEvidence &page);
    const std::vector<Group> &groups() const { return m_groups; }

private:
    /// Some series stand in every page: past so many groups they tell nothing.
    static constexpr size_t MostGroups = 64;

    void join(size_t group, SourceEvidence &page, const std::vector<QByteArray> &ids);
    void put(const QByteArray &id, size_t group, size_t series)
    {
        m_groups[group].series.insert(id, series);
        std::vector<size_t> &groups = m_groupsOf[id];
        if (groups.size() < MostGroups)
            groups.push_back(group);
    }

    std::vector<Group> m_groups;
    QHash<QByteArray, std::vector<size_t>> m_groupsOf; ///< Of a series, by name and labels.
};

/// Pages come in order of time.
void Folder::add(SourceEvidence &page)
{
    std::vector<QByteArray> ids;
    std::map<size_t, size_t> known; // series by group
    for (const Series &series : page.series) {
        ids.push_back(series.id());
        if (const auto found = m_groupsOf.constFind(ids.back()); found != m_groupsOf.cend())
            for (const size_t group : *found)
                ++known[group];
    }
    for (const auto &[group, count] : known) {
        const Group &held = m_groups[group];
        if (count * 2 >= std::min(page.series.size(), held.first->series.size()) && held.last != *page.last)
            return join(group, page, ids);
    }
    m_groups.push_back({&page, *page.last, 1, {}});
    for (size_t i = 0; i < ids.size(); ++i)
        put(ids[i], m_groups.size() - 1, i);
}

void Folder::join(size_t group, SourceEvidence &page, const std::vector<QByteArray> &ids)
{
    Group &held = m_groups[group];
    SourceEvidence &first = *held.first;
    for (size_t i = 0; i < ids.size(); ++i) {
        Series &series = page.series[i];
        const auto found = held.series.constFind(ids[i]);
        if (found == held.series.cend()) {
            put(ids[i], group, first.series.size());
            first.series.push_back(std::move(series));
            continue;
        }
        Series &into = first.series[*found];
        if (series.times.front() <= into.times.back()) // measured once, told by two pages
            continue;
        into.times.push_back(series.times.front());
        into.values.push_back(series.values.front());
    }
    held.last = *page.last;
    ++held.pages;
    page.series.clear();
    addNote(page, Severity::Info, Code::Ok, {}, tr("A snapshot; its samples stand with those of %1").arg(first.path));
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
    for (auto &[path, pages] : folders) {
        if (pages.size() < 2)
            continue;
        std::ranges::stable_sort(pages, {}, [](const SourceEvidence *page) { return *page->first; });
        Folder folder;
        for (SourceEvidence *page : pages)
            folder.add(*page);
        for (const Group &group : folder.groups())
            if (group.pages > 1)
                finish(*group.first, group.pages);
    }
}

} // namespace faultline
