// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logpane.h"

#include "app/logview/filenotice.h"
#include "app/logview/filterbar.h"
#include "app/logview/findbar.h"
#include "app/logview/logfilters.h"
#include "app/settings/icons.h"
#include "app/settings/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

LogPane::LogPane(QWidget *parent)
    : QWidget(parent)
    , m_search(new LogSearch(this))
    , m_saved(new SavedSearches(this))
    , m_filters(new LogFilters(this))
    , m_notice(new FileNotice(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *head = new QWidget(this);
    buildHead(head);
    column->addWidget(head);
    column->addWidget(m_notice);
    column->addWidget(new FilterBar(m_filters, this));
    m_view = new LogView(this);
    column->addWidget(m_view, 1);
    m_find = new FindBar(m_saved, this);
    m_find->hide();
    column->addWidget(m_find);
    setFocusProxy(m_view);

    connectView();
    connect(m_notice, &FileNotice::readAgainWanted, this, &LogPane::readAgainWanted);
    connect(m_find, &FindBar::queryChanged, this, &LogPane::search);
    connect(m_find, &FindBar::nextWanted, this, &LogPane::goToHit);
    connect(m_find, &FindBar::filterWanted, this, &LogPane::filterBySearch);
    connect(m_find, &FindBar::closed, this, [this] {
        m_find->hide();
        m_search->clear();
        m_view->setFound({}, {});
        m_view->setFocus();
    });
    connect(m_search, &LogSearch::changed, this, &LogPane::searchChanged);
    connect(m_filters, &LogFilters::changed, this, [this] {
        updateRows();
        showFound();
    });
    connect(m_saved, &SavedSearches::changed, this,
            [this] { m_view->setTextMarks(m_saved->marks(isDark(palette()))); });
    updateButtons();
}

void LogPane::buildHead(QWidget *head)
{
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(6);
    m_sources = new QComboBox(head);
    m_sources->setObjectName(u"sourceCombo"_s);
    m_sources->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_sources->setMaximumWidth(420);
    m_sources->setAccessibleName(tr("Source shown"));
    row->addWidget(m_sources);
    m_about = new QLabel(head);
    m_about->setForegroundRole(QPalette::PlaceholderText);
    m_about->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(m_about, 1);
    const auto addButton = [&](const QString &name, const QString &toolTip) {
        auto *button = new QToolButton(head);
        button->setIcon(icon(name));
        button->setToolTip(toolTip);
        button->setAutoRaise(true);
        row->addWidget(button);
        return button;
    };
    m_filterButton = addButton(u"filter"_s, tr("Show only some lines"));
    m_filterButton->setObjectName(u"filterButton"_s);
    m_filterButton->setAccessibleName(tr("Filter"));
    auto *filterMenu = new QMenu(m_filterButton);
    connect(filterMenu, &QMenu::aboutToShow, this, [this, filterMenu] { fillFilterMenu(filterMenu); });
    m_filterButton->setMenu(filterMenu);
    m_filterButton->setPopupMode(QToolButton::InstantPopup);
    m_foldButton = addButton(u"fold"_s, tr("Fold steps, groups and stack traces, or open all"));
    m_foldButton->setObjectName(u"foldButton"_s);
    m_foldButton->setAccessibleName(tr("Fold all"));
    m_foldButton->setCheckable(true);
    m_time = addButton(u"clock"_s, {});
    m_time->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_colours = addButton(u"palette"_s, tr("Show the colours that programs wrote"));
    m_colours->setAccessibleName(tr("Terminal colours"));
    m_colours->setCheckable(true);
    auto *find = addButton(u"search"_s, tr("Find (Ctrl+F)"));
    find->setAccessibleName(tr("Find"));

    connect(m_sources, &QComboBox::activated, this, [this](int chosen) {
        const int source = m_sources->itemData(chosen).toInt();
        setSource(source);
        Q_EMIT lineActivated(source, m_view->currentLine());
    });
    connect(m_foldButton, &QToolButton::clicked, this, [this](bool fold) { fold ? foldAll() : openAllFolds(); });
    connect(m_time, &QToolButton::clicked, this, &LogPane::toggleTimeShown);
    connect(m_colours, &QToolButton::clicked, this, &LogPane::toggleColours);
    connect(find, &QToolButton::clicked, this, &LogPane::find);
}

void LogPane::setAnalysis(const Analysis &analysis)
{
    m_search->clear();
    m_find->hide();
    m_analysis = analysis;
    m_failure = -1;
    m_names = m_analysis.evidence ? sourceNames(*m_analysis.evidence) : QStringList();
    const QSignalBlocker quiet(m_sources);
    m_sources->clear();
    for (int i = 0; i < m_names.size(); ++i) {
        const SourceEvidence &source = *m_analysis.evidence->sources[static_cast<size_t>(i)];
        if (!source.text)
            continue;
        qint64 &known = m_lineCounts[source.path];
        if (known > 0 && source.lineCount() > known)
            m_newFrom[source.path] = known + 1;
        known = source.lineCount();
        m_sources->addItem(icon(iconOf(source.kind)), m_names.at(i), i);
    }
    m_source = -1;
    setSource(m_sources->count() > 0 ? m_sources->itemData(0).toInt() : -1);
}

void LogPane::setFailure(int failure)
{
    m_failure = failure;
    std::optional<TimeNs> reference;
    if (m_analysis.findings && failure >= 0 && static_cast<size_t>(failure) < m_analysis.findings->failures.size()) {
        const auto &time = m_analysis.findings->failures[static_cast<size_t>(failure)].time;
        if (time)
            reference = time->time;
    }
    m_reference = reference;
    m_view->setReference(reference);
    updateMarks();
}

void LogPane::showLine(int source, qint64 line)
{
    if (source != m_source)
        setSource(source);
    if (line <= 0)
        return;
    if (m_folds.reveal(line))
        updateRows();
    m_view->setCurrentLine(line);
    if (!m_view->rows().shows(line) && line <= m_view->document().lineCount())
        Q_EMIT message(tr("The filters hide line %1; the nearest one is shown").arg(QLocale().toString(line)));
}

void LogPane::setSource(int source)
{
    m_source = source;
    const bool known =
        m_analysis.evidence && source >= 0 && static_cast<size_t>(source) < m_analysis.evidence->sources.size();
    if (!known) {
        m_view->setSource(nullptr, {}, {});
        m_folds = {};
        m_filters->setSource(nullptr, {});
        m_notice->setSource(nullptr);
        m_about->clear();
        return;
    }
    const auto index = static_cast<size_t>(source);
    const auto &evidence = m_analysis.evidence->sources[index];
    const bool isPlaced = m_analysis.placement && index < m_analysis.placement->sources.size();
    const SourcePlacement placement = isPlaced ? m_analysis.placement->sources[index] : SourcePlacement();
    m_view->setSource(evidence, placement, m_names.value(source));
    m_folds = LogFolds(*evidence);
    m_filters->setSource(evidence, placement);
    m_notice->setSource(evidence);
    if (const auto from = m_newFrom.find(evidence->path); from != m_newFrom.end())
        m_view->setNewFrom(from->second);
    m_view->setBookmarks(m_bookmarks[evidence->path]);
    updateRows();
    m_sources->setCurrentIndex(m_sources->findData(source));
    QStringList about{evidence->lineCount() == 1 ? tr("1 line")
                                                 : tr("%1 lines").arg(QLocale().toString(evidence->lineCount()))};
    if (isPlaced)
        about.append(clockText(*evidence, m_analysis.placement->sources[index]));
    m_about->setText(about.join(u" · "));
    updateMarks();
    if (!m_find->isVisible())
        return;
    if (m_find->searchesAll())
        showFound();
    else
        search();
}

void LogPane::updateMarks()
{
    m_view->setMarks(m_source >= 0 ? LogMarks::of(m_analysis, m_source, m_failure) : LogMarks());
    setAnnotations(m_analysis.annotations);
}

void LogPane::setZone(ZoneShown zone)
{
    m_view->setZone(zone);
    updateButtons();
}

void LogPane::toggleTimeShown()
{
    m_view->setTimeShown(m_view->timeShown() == LogView::TimeShown::Absolute ? LogView::TimeShown::SinceFailure
                                                                             : LogView::TimeShown::Absolute);
    updateButtons();
}

void LogPane::toggleColours()
{
    m_view->setColoursShown(!m_view->coloursShown());
    updateButtons();
}

void LogPane::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_view->setTextMarks(m_saved->marks(isDark(palette())));
}

void LogPane::updateButtons()
{
    const bool absolute = m_view->timeShown() == LogView::TimeShown::Absolute;
    m_time->setText(absolute ? tr("Time of day") : tr("Since failure"));
    m_time->setToolTip(absolute ? tr("Times of day; click for times since the failure")
                                : tr("Times since the failure; click for times of day"));
    m_colours->setChecked(m_view->coloursShown());
}

void LogPane::find()
{
    const QString chosen = m_view->selectedText();
    if (!chosen.isEmpty() && !chosen.contains(u'\n'))
        m_find->setText(chosen);
    m_find->open();
    search();
}

void LogPane::findNext()
{
    goToHit(true);
}

void LogPane::findPrevious()
{
    goToHit(false);
}

void LogPane::search()
{
    if (m_source < 0)
        return;
    const SearchQuery query = m_find->query();
    m_searchedFrom = m_view->currentLine();
    m_wantsFirstHit = !query.text.isEmpty();
    LogSearch::Sources sources(m_analysis.evidence->sources.size());
    for (size_t i = 0; i < sources.size(); ++i) {
        if (m_find->searchesAll() || std::cmp_equal(i, m_source))
            sources[i] = m_analysis.evidence->sources[i];
    }
    m_search->start(std::move(sources), m_source, query);
}

LineSet LogPane::visibleHits() const
{
    const LineSet &hits = m_search->hits(m_source);
    return m_filters->shown() ? hits & *m_filters->shown() : hits;
}

void LogPane::searchChanged()
{
    if (m_wantsFirstHit && m_search->count() > 0) {
        // The nearest from where the person was, at or after; the first of all once it is known that none follows.
        const LineSet hits = visibleHits();
        qint64 line = hits.next(m_searchedFrom);
        if (line == 0 && !m_search->isRunning())
            line = hits.at(0);
        if (line > 0) {
            m_wantsFirstHit = false;
            showLine(m_source, line);
            Q_EMIT lineActivated(m_source, line);
        }
    }
    showFound();
}

void LogPane::showFound()
{
    if (!m_find->isVisible())
        return;
    std::vector<QRegularExpression> expressions;
    if (const auto plan = SearchPlan::of(m_find->query())) {
        for (const SearchTerm &term : plan->wanted())
            expressions.push_back(term.expression());
    }
    m_view->setFound(std::move(expressions), visibleHits());
    updateFindStatus();
}

void LogPane::goToHit(bool forward)
{
    if (!m_find->isVisible()) {
        find();
        return;
    }
    m_wantsFirstHit = false;
    const qint64 current = m_view->currentLine();
    const LineSet hits = visibleHits();
    qint64 line = forward ? hits.next(current + 1) : hits.previous(current - 1);
    int source = m_source;
    if (line == 0 && m_find->searchesAll()) {
        // On into the next log that holds a hit, round about.
        const int count = static_cast<int>(m_analysis.evidence->sources.size());
        for (int step = 1; step < count && line == 0; ++step) {
            source = (m_source + (forward ? step : count - step)) % count;
            const LineSet &other = m_search->hits(source);
            line = other.at(forward ? 0 : other.size() - 1);
        }
    }
    if (line == 0 && !m_search->isRunning()) {
        source = m_source;
        line = hits.at(forward ? 0 : hits.size() - 1);
    }
    if (line == 0)
        return;
    showLine(source, line);
    Q_EMIT lineActivated(source, line);
    updateFindStatus();
}

void LogPane::updateFindStatus()
{
    const QLocale locale;
    const QString problems = m_search->problems().join(u'\n');
    if (m_find->query().text.isEmpty()) {
        m_find->setStatus({}, false);
        return;
    }
    const LineSet hits = visibleHits();
    const QString count = locale.toString(hits.size());
    if (m_search->isRunning()) {
        m_find->setStatus(tr("%1 so far…").arg(locale.toString(m_search->count())), false);
        return;
    }
    if (m_search->count() == 0) {
        m_find->setStatus(problems.isEmpty() ? tr("No matches") : m_search->problems().constFirst(), true, problems);
        return;
    }
    const qint64 current = m_view->currentLine();
    QString status = hits.contains(current)
                         ? tr("%1 of %2 lines").arg(locale.toString(hits.countBefore(current) + 1), count)
                         : tr("%1 lines").arg(count);
    if (m_find->searchesAll() && m_search->sourceCount() > 0)
        status = tr("%1; %2 in %3 logs")
                     .arg(status, locale.toString(m_search->count()), locale.toString(m_search->sourceCount()));
    if (m_filters->shown() && hits.size() < m_search->hits(m_source).size())
        status = tr("%1 shown").arg(status);
    if (!problems.isEmpty())
        status = tr("%1, not all looked at").arg(status);
    m_find->setStatus(status, !problems.isEmpty(), problems);
}

} // namespace faultline
