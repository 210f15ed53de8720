// SPDX-License-Identifier: GPL-3.0-or-later
// Which lines of the log are shown: filters, folds, bookmarks.
#include "app/logview/findbar.h"
#include "app/logview/linewindow.h"
#include "app/logview/logfilters.h"
#include "app/logview/logpane.h"

#include <QComboBox>
#include <QLocale>
#include <QMenu>
#include <QToolButton>

#include <limits>
#include <utility>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr DurationNs AroundFailure[] = {5 * NsPerSecond, 30 * NsPerSecond, 5 * 60 * NsPerSecond};
constexpr qsizetype MostStepsInMenu = 60;

QString lineText(qint64 line)
{
    return QLocale().toString(line);
}

} // namespace

void LogPane::connectView()
{
    connect(m_view, &LogView::lineActivated, this, &LogPane::activate);
    connect(m_view, &LogView::message, this, &LogPane::message);
    connect(m_view, &LogView::findWanted, this, &LogPane::find);
    connect(m_view, &LogView::nextHitWanted, this, &LogPane::goToHit);
    connect(m_view, &LogView::filterWanted, this, [this] {
        if (m_find->isVisible() && !m_find->query().text.isEmpty())
            filterBySearch(false);
        else
            m_filterButton->showMenu();
    });
    connect(m_view, &LogView::bookmarkWanted, this, &LogPane::toggleBookmark);
    connect(m_view, &LogView::nextBookmarkWanted, this, &LogPane::goToBookmark);
    connect(m_view, &LogView::foldWanted, this, [this](qint64 line) {
        const LinePlace place = m_view->document().placeOf(line);
        const auto folds = m_folds.find(place.source);
        const qint64 first = folds == m_folds.end() ? 0 : folds->second.toggle(place.line);
        if (first <= 0)
            return;
        foldsChanged();
        if (first != place.line && folds->second.hiddenBy(first) > 0)
            m_view->setCurrentLine(m_view->document().numberOf({place.source, first}));
    });
    connect(m_view, &LogView::timeWanted, this, &LogPane::goToTime);
    connect(m_view, &LogView::wrapChanged, this, &LogPane::updateButtons);
    connect(m_view, &LogView::followChanged, this, [this](bool follows) {
        Q_EMIT message(follows ? tr("Stays at the end of the log; F or a move lets go")
                               : tr("No longer at the end of the log"));
    });
    connect(m_view, &LogView::wholeLineWanted, this, &LogPane::showWholeLine);
    connect(m_view, &LogView::menuWanted, this, &LogPane::addLineActions);
}

void LogPane::showWholeLine(qint64 number)
{
    const LinePlace place = m_view->document().placeOf(number);
    if (const LogPart *part = m_view->document().part(place.source))
        (new LineWindow(part->evidence, place.line, part->name, this))->show();
}

void LogPane::updateRows()
{
    const qint64 count = m_view->document().lineCount();
    // Of several logs the filters know, which put sets of lines in order.
    const LineSet hidden = isMerged() || m_folds.empty() ? LineSet() : m_folds.begin()->second.hidden();
    if (!m_filters->shown() && hidden.isEmpty())
        m_view->setRows(LogRows(count));
    else
        m_view->setRows(LogRows(count, (m_filters->shown() ? *m_filters->shown() : LineSet::range(1, count)) - hidden));
    m_foldButton->setEnabled(hasFolds());
    m_foldButton->setChecked(
        std::ranges::any_of(m_folds, [](const auto &folds) { return folds.second.isAnyFolded(); }));
    if (!hasFolds())
        return m_view->setFolds({});
    m_view->setFolds([this](qint64 line) -> std::optional<LogView::Fold> {
        const LinePlace place = m_view->document().placeOf(line);
        const auto folds = m_folds.find(place.source);
        const auto lines = folds == m_folds.end() ? std::nullopt : folds->second.hiddenBy(place.line);
        if (!lines)
            return std::nullopt;
        LogView::Fold fold{*lines, std::nullopt};
        if (const auto marks = m_partMarks.find(place.source); marks != m_partMarks.end() && *lines > 0)
            fold.strongest = marks->second.strongest(place.line + 1, place.line + *lines);
        return fold;
    });
}

bool LogPane::hasFolds() const
{
    return std::ranges::any_of(m_folds, [](const auto &folds) { return !folds.second.isEmpty(); });
}

void LogPane::setFoldsOf(const std::vector<LogPart> &parts)
{
    m_folds.clear();
    for (const LogPart &part : parts)
        m_folds.emplace(part.source, LogFolds(*part.evidence));
}

/// Other lines are hidden now: at once in one log, as soon as the order is looked through in several.
void LogPane::foldsChanged()
{
    if (isMerged()) {
        std::vector<LineSet> folded;
        for (const auto &[source, folds] : m_folds) {
            folded.resize(static_cast<size_t>(source) + 1);
            folded.back() = folds.hidden();
        }
        m_filters->setFolded(std::move(folded));
    }
    updateRows();
}

void LogPane::foldAll()
{
    for (auto &[source, folds] : m_folds)
        folds.foldAll();
    // What holds the failure in hand stays open: it is what everything else is folded away for.
    const auto &findings = m_analysis.findings;
    if (findings && m_failure >= 0 && std::cmp_less(m_failure, findings->failures.size())) {
        const Failure &failure = findings->failures[static_cast<size_t>(m_failure)];
        if (const auto folds = m_folds.find(failure.source); folds != m_folds.end())
            folds->second.reveal(failure.line);
    }
    foldsChanged();
}

void LogPane::openAllFolds()
{
    for (auto &[source, folds] : m_folds)
        folds.openAll();
    foldsChanged();
}

void LogPane::toggleBookmark(qint64 number)
{
    const LinePlace place = m_view->document().placeOf(number);
    const LogPart *part = m_view->document().part(place.source);
    if (!part)
        return;
    const QString path = part->evidence->path;
    flipBookmark(path, place.line);
    Q_EMIT bookmarkToggled(path, place.line);
}

void LogPane::flipBookmark(const QString &path, qint64 line)
{
    LineSet &marks = m_bookmarks[path];
    const LineSet one = LineSet::range(line, line);
    marks = marks.contains(line) ? marks - one : marks | one;
    updateBookmarks();
}

std::map<QString, std::vector<qint64>> LogPane::bookmarks() const
{
    std::map<QString, std::vector<qint64>> result;
    for (const auto &[path, lines] : m_bookmarks)
        if (!lines.isEmpty())
            result[path] = lines.lines(0, lines.size());
    return result;
}

void LogPane::setBookmarks(const std::map<QString, std::vector<qint64>> &bookmarks)
{
    m_bookmarks.clear();
    for (const auto &[path, lines] : bookmarks)
        for (const qint64 line : lines)
            m_bookmarks[path].add(line);
    updateBookmarks();
}

void LogPane::goToBookmark(bool forward)
{
    const LineSet &marks = m_view->bookmarks();
    const qint64 current = m_view->currentLine();
    qint64 number = forward ? marks.next(current + 1) : marks.previous(current - 1);
    if (number == 0)
        number = marks.at(forward ? 0 : marks.size() - 1);
    if (number == 0) {
        Q_EMIT message(tr("No bookmarks in this log; M sets one"));
        return;
    }
    const LinePlace place = m_view->document().placeOf(number);
    showLine(place.source, place.line);
    activate(number);
}

void LogPane::filterBySearch(bool hide)
{
    const SearchQuery query = m_find->query();
    if (!query.text.isEmpty())
        m_filters->add({query, hide, u"“%1”"_s.arg(query.text)});
}

void LogPane::fillFilterMenu(QMenu *menu)
{
    menu->clear();
    qDeleteAll(menu->findChildren<QMenu *>(Qt::FindDirectChildrenOnly));
    if (m_view->document().isNull())
        return;
    const auto add = [this](QMenu *to, const QString &text, const LogFilter &filter) {
        return to->addAction(text, this, [this, filter] { m_filters->add(filter); });
    };
    if (m_find->isVisible() && SearchPlan::of(m_find->query())) {
        menu->addAction(tr("Only lines that match the search"), this, [this] { filterBySearch(false); });
        menu->addAction(tr("Without lines that match the search"), this, [this] { filterBySearch(true); });
        menu->addSeparator();
    }
    add(menu, tr("Only warnings and errors"), {LevelFilter{Severity::Warning}, false, tr("warnings and errors")})
        ->setObjectName(u"filterWarnings"_s);
    add(menu, tr("Only errors"), {LevelFilter{Severity::Error}, false, tr("errors")})->setObjectName(u"filterErrors"_s);
    if (m_reference) {
        menu->addSeparator();
        for (const DurationNs around : AroundFailure)
            add(menu, tr("Only %1 around the failure").arg(durationText(around)),
                {TimeFilter{*m_reference - around, *m_reference + around}, false,
                 tr("%1 around the failure").arg(durationText(around))});
    }
    menu->addSeparator();
    addLineActions(menu, m_view->currentLine());
    const SourceEvidence *source = m_view->document().source();
    if (!source)
        return;
    auto *steps = new QMenu(tr("Only this step"), menu);
    for (const Span &span : source->spans) {
        const bool isStep = span.kind == SpanKind::Step || span.kind == SpanKind::Section || span.kind == SpanKind::Job;
        if (isStep && span.line > 0 && span.lastLine > span.line && steps->actions().size() < MostStepsInMenu) {
            const QString name = shownText(span.name, 80);
            add(steps, QString(name).replace(u'&', u"&&"_s), {PlaceFilter{span.line, span.lastLine}, false, name});
        }
    }
    if (!steps->isEmpty())
        menu->addMenu(steps);
}

void LogPane::addLineActions(QMenu *menu, qint64 number)
{
    menu->addSeparator();
    const auto add = [this, menu](const QString &text, const LogFilter &filter) {
        menu->addAction(text, this, [this, filter] { m_filters->add(filter); });
    };
    const LogDocument &document = m_view->document();
    const QString line = lineText(document.placeOf(number).line);
    if (const auto time = document.line(number).time; isMerged() && time) {
        // Numbers of merged lines change where a log is added; moments stay.
        constexpr TimeNs First{std::numeric_limits<qint64>::min()};
        constexpr TimeNs Last{std::numeric_limits<qint64>::max()};
        const QString moment = timeOfDayText(*time, m_zone);
        add(tr("Only from %1 on").arg(moment), {TimeFilter{*time, Last}, false, tr("from %1 on").arg(moment)});
        add(tr("Only up to %1").arg(moment), {TimeFilter{First, *time}, false, tr("up to %1").arg(moment)});
    } else if (!isMerged()) {
        add(tr("Only from line %1 on").arg(line),
            {PlaceFilter{number, document.lineCount()}, false, tr("from line %1 on").arg(line)});
        add(tr("Only up to line %1").arg(line), {PlaceFilter{1, number}, false, tr("up to line %1").arg(line)});
    }
    const QString chosen = m_view->selectedText();
    if (!chosen.isEmpty() && !chosen.contains(u'\n')) {
        const SearchQuery query{chosen, false, true};
        add(tr("Only lines with the selected text"), {query, false, u"“%1”"_s.arg(chosen)});
        add(tr("Without lines with the selected text"), {query, true, u"“%1”"_s.arg(chosen)});
    }
    menu->addAction(tr("Show line %1 in full (Enter)").arg(line), this, [this, number] { showWholeLine(number); });
    menu->addAction(tr("Bookmark line %1 (M)").arg(line), this, [this, number] { toggleBookmark(number); });
    if (m_sources->findData(MergedLogs) >= 0)
        menu->addAction(isMerged() ? tr("Show this log by itself (Ctrl+L)") : tr("Show all logs by time (Ctrl+L)"),
                        this, &LogPane::toggleMerged);
}

} // namespace faultline
