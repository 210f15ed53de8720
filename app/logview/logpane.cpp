// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logpane.h"

#include "app/logview/filenotice.h"
#include "app/logview/filterbar.h"
#include "app/logview/findbar.h"
#include "app/logview/logfilters.h"
#include "app/settings/icons.h"
#include "app/settings/theme.h"

#include <QActionGroup>
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
    , m_index(new LogIndex(this))
    , m_follower(new LogFollower(this))
    , m_notice(new FileNotice(m_follower, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_view = new LogView(this);
    auto *head = new QWidget(this);
    head->setObjectName(u"logHead"_s);
    buildHead(head);
    column->addWidget(head);
    column->addWidget(m_notice);
    column->addWidget(new FilterBar(m_filters, this));
    column->addWidget(m_view, 1);
    m_find = new FindBar(m_saved, this);
    m_find->hide();
    column->addWidget(m_find);
    setFocusProxy(m_view);

    connectView();
    connect(m_follower, &LogFollower::grown, this, &LogPane::takeGrown);
    connect(m_notice, &FileNotice::readAgainWanted, this, &LogPane::readAgainWanted);
    connect(m_find, &FindBar::queryChanged, this, &LogPane::search);
    connect(m_find, &FindBar::nextWanted, this, &LogPane::goToHit);
    connect(m_find, &FindBar::filterWanted, this, &LogPane::filterBySearch);
    connect(m_find, &FindBar::closed, this, [this] {
        m_find->hide();
        m_search->clear();
        m_hits.clear();
        m_view->setFound({}, {});
        m_view->setFocus();
    });
    connect(m_search, &LogSearch::changed, this, &LogPane::searchChanged);
    connect(&m_hitsWatcher, &QFutureWatcherBase::finished, this, &LogPane::hitsChanged);
    m_filters->setSummaries([this](int source) { return m_index->summary(source); });
    connect(m_filters, &LogFilters::changed, this, &LogPane::filtersChanged);
    connect(m_index, &LogIndex::summaryChanged, this, [this](int source) {
        if (source == m_source)
            updateLevels();
    });
    connect(m_index, &LogIndex::mergedChanged, this, [this] {
        if (isMerged())
            m_filters->setOrder(m_index->merged());
    });
    connect(m_saved, &SavedSearches::changed, this,
            [this] { m_view->setTextMarks(m_saved->marks(isDark(palette()))); });
    updateButtons();
}

LogPane::~LogPane()
{
    m_hitsWatcher.disconnect(this);
    m_hitsCancel.cancel();
    m_hitsWatcher.waitForFinished();
}

void LogPane::buildHead(QWidget *head)
{
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(6);
    m_sources = new QComboBox(head);
    m_sources->setObjectName(u"sourceCombo"_s);
    m_sources->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_sources->setMinimumWidth(100);
    m_sources->setMaximumWidth(420);
    m_sources->setAccessibleName(tr("Source shown"));
    row->addWidget(m_sources);
    m_about = new QLabel(head);
    m_about->setObjectName(u"logAbout"_s);
    m_about->setTextFormat(Qt::PlainText);
    m_about->setForegroundRole(QPalette::PlaceholderText);
    m_about->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(m_about, 1);
    const auto addButton = [&](const QString &name, const QString &accessible, const QString &toolTip) {
        auto *button = new QToolButton(head);
        button->setIcon(icon(name));
        button->setAccessibleName(accessible);
        button->setToolTip(toolTip);
        button->setAutoRaise(true);
        row->addWidget(button);
        return button;
    };
    m_filterButton = addButton(u"filter"_s, tr("Filter"), tr("Show only some lines (&)"));
    m_filterButton->setObjectName(u"filterButton"_s);
    auto *filterMenu = new QMenu(m_filterButton);
    connect(filterMenu, &QMenu::aboutToShow, this, [this, filterMenu] { fillFilterMenu(filterMenu); });
    m_filterButton->setMenu(filterMenu);
    m_filterButton->setPopupMode(QToolButton::InstantPopup);
    m_foldButton = addButton(u"fold"_s, tr("Fold all"), tr("Fold steps, groups and stack traces, or open all"));
    m_foldButton->setObjectName(u"foldButton"_s);
    m_foldButton->setCheckable(true);
    m_wrap = addButton(u"wrap"_s, tr("Wrap long lines"), tr("Wrap long lines (W)"));
    m_wrap->setObjectName(u"wrapButton"_s);
    m_wrap->setCheckable(true);
    m_time = addButton(u"clock"_s, {}, {});
    m_time->setObjectName(u"timeButton"_s);
    m_time->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    buildColumnMenu(addButton(u"columns"_s, tr("Columns"), tr("Which columns stand before the text")));
    m_colours = addButton(u"palette"_s, tr("Terminal colours"), tr("Show the colours that programs wrote"));
    m_colours->setCheckable(true);
    auto *find = addButton(u"search"_s, tr("Find"), tr("Find (Ctrl+F)"));

    connect(m_sources, &QComboBox::activated, this, [this](int chosen) {
        const int source = m_sources->itemData(chosen).toInt();
        if (source == MergedLogs) {
            showMerged();
            return;
        }
        // Out of all logs into one of them: what was looked at stays in sight.
        const qint64 line = isMerged() && source == this->source() ? currentLine() : 1;
        setSource(source);
        m_view->setCurrentLine(line);
        activate(m_view->currentLine());
    });
    connect(m_foldButton, &QToolButton::clicked, this, [this](bool fold) { fold ? foldAll() : openAllFolds(); });
    connect(m_wrap, &QToolButton::clicked, m_view, &LogView::setWrapped);
    connect(m_time, &QToolButton::clicked, this, &LogPane::toggleTimeShown);
    connect(m_colours, &QToolButton::clicked, this, &LogPane::toggleColours);
    connect(find, &QToolButton::clicked, this, &LogPane::find);
}

void LogPane::buildColumnMenu(QToolButton *button)
{
    button->setObjectName(u"columnButton"_s);
    auto *menu = new QMenu(button);
    auto *times = new QActionGroup(menu);
    const auto addTime = [&](const QString &text, LogView::TimeShown shown) {
        QAction *action = menu->addAction(text, this, [this, shown] {
            m_view->setTimeShown(shown);
            updateButtons();
            Q_EMIT timeShownChanged(shown);
        });
        action->setCheckable(true);
        action->setData(static_cast<int>(shown));
        times->addAction(action);
    };
    addTime(tr("Times of day"), LogView::TimeShown::Absolute);
    addTime(tr("Times since the failure"), LogView::TimeShown::SinceFailure);
    addTime(tr("Times since the line before"), LogView::TimeShown::SinceLine);
    menu->addSeparator();
    const auto addColumn = [&](const QString &text, LogView::Column column) {
        QAction *action = menu->addAction(text, this, [this, column](bool on) { m_view->setColumnShown(column, on); });
        action->setCheckable(true);
        return action;
    };
    QAction *source = addColumn(tr("Source"), LogView::Column::Source);
    source->setObjectName(u"sourceColumn"_s);
    QAction *level = addColumn(tr("Level"), LogView::Column::Level);
    level->setObjectName(u"levelColumn"_s);
    connect(menu, &QMenu::aboutToShow, this, [this, times, source, level] {
        for (QAction *action : times->actions())
            action->setChecked(action->data().toInt() == static_cast<int>(m_view->timeShown()));
        source->setChecked(m_view->isColumnShown(LogView::Column::Source));
        level->setChecked(m_view->isColumnShown(LogView::Column::Level));
    });
    button->setMenu(menu);
    button->setPopupMode(QToolButton::InstantPopup);
}

void LogPane::setAnalysis(const Analysis &analysis)
{
    const bool wasMerged = isMerged();
    m_search->clear();
    m_find->hide();
    m_analysis = analysis;
    m_failure = -1;
    m_names = m_analysis.evidence ? sourceNames(*m_analysis.evidence) : QStringList();
    m_index->setAnalysis(analysis);
    fillSources();
    m_source = -1;
    if (wasMerged && m_sources->findData(MergedLogs) >= 0)
        showMerged();
    else
        setSource(m_sources->findData(MergedLogs) == 0 ? m_sources->itemData(2).toInt()
                  : m_sources->count() > 0             ? m_sources->itemData(0).toInt()
                                                       : -1);
}

void LogPane::fillSources()
{
    const QSignalBlocker quiet(m_sources);
    m_sources->clear();
    if (mergeableParts().size() > 1) {
        m_sources->addItem(icon(u"merge"_s), tr("All logs, by time"), MergedLogs);
        m_sources->insertSeparator(1);
    }
    for (int i = 0; i < m_names.size(); ++i) {
        const SourceEvidence &source = *m_analysis.evidence->sources[static_cast<size_t>(i)];
        if (!source.text)
            continue;
        qint64 &known = m_lineCounts[source.path];
        if (known > 0 && source.lineCount() > known)
            m_newLines[source.path] = LineSet::range(known + 1, source.lineCount());
        known = source.lineCount();
        m_sources->addItem(icon(iconOf(source.kind)), m_names.at(i), i);
    }
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
    m_wantedPlace = {};
    if (isMerged() && m_view->document().part(source)) {
        if (line <= 0)
            return;
        if (m_view->document().numberOf({source, line}) == 0 && m_index->isMerging()) {
            m_wantedPlace = {source, line};
            return;
        }
    }
    if (!isMerged() ? source != m_source : m_view->document().numberOf({source, std::max<qint64>(1, line)}) == 0) {
        if (isMerged())
            Q_EMIT message(tr("%1 has no place in time there: it is shown by itself").arg(m_names.value(source)));
        setSource(source);
    }
    if (line <= 0)
        return;
    if (const auto folds = m_folds.find(source); folds != m_folds.end() && folds->second.reveal(line)) {
        if (isMerged()) // in sight as soon as the order is looked through
            m_wantedPlace = {source, line};
        foldsChanged();
        if (isMerged())
            return;
    }
    const qint64 number = isMerged() ? m_view->document().numberOf({source, line}) : line;
    m_view->setCurrentLine(number);
    if (!m_view->rows().shows(number) && number <= m_view->document().lineCount())
        Q_EMIT message(tr("The filters hide line %1; the nearest one is shown").arg(QLocale().toString(line)));
}

const SourceEvidence *LogPane::evidenceOf(int source) const
{
    const bool known =
        m_analysis.evidence && source >= 0 && static_cast<size_t>(source) < m_analysis.evidence->sources.size();
    return known ? m_analysis.evidence->sources[static_cast<size_t>(source)].get() : nullptr;
}

void LogPane::setSource(int source)
{
    m_source = source;
    m_wantedPlace = {};
    m_hits.clear();
    if (!evidenceOf(source)) {
        m_view->setDocument(std::make_unique<LogDocument>());
        m_folds.clear();
        m_filters->setParts({});
        follow();
        updateAbout();
        return;
    }
    const auto index = static_cast<size_t>(source);
    const auto &evidence = m_analysis.evidence->sources[index];
    LogPart part{source, evidence, {}, m_names.value(source)};
    if (m_analysis.placement && index < m_analysis.placement->sources.size())
        part.placement = m_analysis.placement->sources[index];
    m_view->setDocument(std::make_unique<LogDocument>(part));
    setFoldsOf({part});
    if (evidence->text)
        m_filters->setParts({part});
    else
        m_filters->setParts({});
    follow();
    updateNewLines();
    m_index->want(source);
    updateRows();
    m_sources->setCurrentIndex(m_sources->findData(source));
    m_find->setSearchesOne(true);
    updateAbout();
    updateMarks();
    updateLevels();
    if (!m_find->isVisible())
        return;
    if (m_find->searchesAll())
        updateHits();
    else
        search();
}

void LogPane::setZone(ZoneShown zone)
{
    m_zone = zone;
    m_view->setZone(zone);
    updateButtons();
}

void LogPane::toggleTimeShown()
{
    using Shown = LogView::TimeShown;
    const Shown next = m_view->timeShown() == Shown::Absolute       ? Shown::SinceFailure
                       : m_view->timeShown() == Shown::SinceFailure ? Shown::SinceLine
                                                                    : Shown::Absolute;
    m_view->setTimeShown(next);
    updateButtons();
    Q_EMIT timeShownChanged(next);
}

void LogPane::toggleColours()
{
    m_view->setColoursShown(!m_view->coloursShown());
    updateButtons();
}

void LogPane::toggleWrapped()
{
    m_view->setWrapped(!m_view->isWrapped());
}

void LogPane::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_view->setTextMarks(m_saved->marks(isDark(palette())));
}

void LogPane::updateButtons()
{
    switch (m_view->timeShown()) {
    case LogView::TimeShown::Absolute:
        m_time->setText(tr("Time of day"));
        m_time->setToolTip(tr("Times of day; click for times since the failure (Ctrl+T)"));
        break;
    case LogView::TimeShown::SinceFailure:
        m_time->setText(tr("Since failure"));
        m_time->setToolTip(tr("Times since the failure; click for times since the line before (Ctrl+T)"));
        break;
    case LogView::TimeShown::SinceLine:
        m_time->setText(tr("Since line before"));
        m_time->setToolTip(tr("Times since the shown line before; click for times of day (Ctrl+T)"));
        break;
    }
    m_colours->setChecked(m_view->coloursShown());
    m_wrap->setChecked(m_view->isWrapped());
}

} // namespace faultline
