// SPDX-License-Identifier: GPL-3.0-or-later
// Which lines of the log are shown: filters, folds, bookmarks.
#include "app/logview/findbar.h"
#include "app/logview/linewindow.h"
#include "app/logview/logfilters.h"
#include "app/logview/logpane.h"

#include <QLocale>
#include <QMenu>
#include <QToolButton>

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
    connect(m_view, &LogView::lineActivated, this, [this](qint64 line) { Q_EMIT lineActivated(m_source, line); });
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
        if (const qint64 first = m_folds.toggle(line); first > 0) {
            updateRows();
            if (!m_view->rows().shows(line))
                m_view->setCurrentLine(first);
        }
    });
    connect(m_view, &LogView::wholeLineWanted, this, &LogPane::showWholeLine);
    connect(m_view, &LogView::menuWanted, this, &LogPane::addLineActions);
}

void LogPane::showWholeLine(qint64 line)
{
    if (m_source < 0 || m_view->document().isNull())
        return;
    const auto &source = m_analysis.evidence->sources[static_cast<size_t>(m_source)];
    (new LineWindow(source, line, m_names.value(m_source), this))->show();
}

void LogPane::updateRows()
{
    const qint64 count = m_view->document().lineCount();
    const LineSet hidden = m_folds.hidden();
    if (!m_filters->shown() && hidden.isEmpty())
        m_view->setRows(LogRows(count));
    else
        m_view->setRows(LogRows(count, (m_filters->shown() ? *m_filters->shown() : LineSet::range(1, count)) - hidden));
    m_view->setFolds(m_folds.heads());
    m_foldButton->setEnabled(!m_folds.isEmpty());
    m_foldButton->setChecked(!hidden.isEmpty());
}

void LogPane::foldAll()
{
    m_folds.foldAll();
    updateRows();
}

void LogPane::openAllFolds()
{
    m_folds.openAll();
    updateRows();
}

void LogPane::toggleBookmark(qint64 line)
{
    if (m_source < 0)
        return;
    LineSet &marks = m_bookmarks[m_view->document().source()->path];
    marks = marks.contains(line) ? marks - LineSet::range(line, line) : marks | LineSet::range(line, line);
    m_view->setBookmarks(marks);
}

void LogPane::goToBookmark(bool forward)
{
    if (m_source < 0)
        return;
    const LineSet &marks = m_bookmarks[m_view->document().source()->path];
    const qint64 current = m_view->currentLine();
    qint64 line = forward ? marks.next(current + 1) : marks.previous(current - 1);
    if (line == 0)
        line = marks.at(forward ? 0 : marks.size() - 1);
    if (line == 0) {
        Q_EMIT message(tr("No bookmarks in this log; M sets one"));
        return;
    }
    showLine(m_source, line);
    Q_EMIT lineActivated(m_source, line);
}

std::optional<TimeNs> LogPane::timeOfLine(qint64 line) const
{
    return m_view->document().line(line).time;
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
    if (m_source < 0)
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
    auto *steps = new QMenu(tr("Only this step"), menu);
    for (const Span &span : m_view->document().source()->spans) {
        const bool isStep = span.kind == SpanKind::Step || span.kind == SpanKind::Section || span.kind == SpanKind::Job;
        if (isStep && span.line > 0 && span.lastLine > span.line && steps->actions().size() < MostStepsInMenu) {
            const QString name = shownText(span.name, 80);
            add(steps, QString(name).replace(u'&', u"&&"_s), {PlaceFilter{span.line, span.lastLine}, false, name});
        }
    }
    if (!steps->isEmpty())
        menu->addMenu(steps);
}

void LogPane::addLineActions(QMenu *menu, qint64 line)
{
    menu->addSeparator();
    const auto add = [this, menu](const QString &text, const LogFilter &filter) {
        menu->addAction(text, this, [this, filter] { m_filters->add(filter); });
    };
    const qint64 last = m_view->document().lineCount();
    add(tr("Only from line %1 on").arg(lineText(line)),
        {PlaceFilter{line, last}, false, tr("from line %1 on").arg(lineText(line))});
    add(tr("Only up to line %1").arg(lineText(line)),
        {PlaceFilter{1, line}, false, tr("up to line %1").arg(lineText(line))});
    const QString chosen = m_view->selectedText();
    if (!chosen.isEmpty() && !chosen.contains(u'\n')) {
        const SearchQuery query{chosen, false, true};
        add(tr("Only lines with the selected text"), {query, false, u"“%1”"_s.arg(chosen)});
        add(tr("Without lines with the selected text"), {query, true, u"“%1”"_s.arg(chosen)});
    }
    menu->addAction(tr("Show line %1 in full (Enter)").arg(lineText(line)), this,
                    [this, line] { showWholeLine(line); });
    menu->addAction(tr("Bookmark line %1 (M)").arg(lineText(line)), this, [this, line] { toggleBookmark(line); });
}

} // namespace faultline
