// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/workspace.h"

#include "app/analysis/samefailure.h"
#include "app/logview/logpane.h"
#include "app/shell/annotationspanel.h"
#include "app/shell/comparisonpanel.h"
#include "app/shell/correlationpanel.h"
#include "app/shell/diagnosispanel.h"
#include "app/shell/flowpanel.h"
#include "app/shell/profilepanel.h"
#include "app/shell/sourcesdelegate.h"
#include "app/sqlconsole/queryplot.h"
#include "app/sqlconsole/sqlconsole.h"
#include "charts/core/timeaxis.h"
#include "charts/flame/flameview.h"
#include "charts/flow/flowview.h"
#include "charts/focus/focuschart.h"
#include "charts/timeline/timelineview.h"
#include "models/views/notesmodel.h"
#include "models/views/sourcesmodel.h"

#include <QClipboard>
#include <QDataStream>
#include <QDockWidget>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QSplitter>
#include <QTableView>
#include <QTimeZone>
#include <QTreeView>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {
constexpr int LayoutVersion = 3;
constexpr int LeastSideWidth = 180;
constexpr int LeastQueryHeight = 200;
constexpr int LeastDiagnosisWidth = 300;
} // namespace

Workspace::Workspace(QWidget *parent)
    : QMainWindow(parent)
    , m_selection(new Selection(this))
    , m_sources(new SourcesModel(this))
    , m_notes(new NotesModel(this))
{
    setObjectName(u"workspace"_s);
    setWindowFlags(Qt::Widget); // it is a page of the window, not a window of its own
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    setDockNestingEnabled(true);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    setCorner(Qt::TopRightCorner, Qt::RightDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    setCorner(Qt::TopLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    buildCentre();
    buildSources();
    buildNotes();
    buildDocks();
    connectSelection();
    connectViews();
    resetLayout();
    m_isSized = false;
}

void Workspace::buildCentre()
{
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setChildrenCollapsible(false);
    m_timeline = new TimelineView(m_splitter);
    m_timeline->setObjectName(u"timeline"_s);
    m_timeline->setFrameShape(QFrame::NoFrame);
    m_log = new LogPane(m_splitter);
    m_log->setObjectName(u"logPane"_s);
    m_splitter->addWidget(m_timeline);
    m_splitter->addWidget(m_log);
    setCentralWidget(m_splitter);
}

void Workspace::buildSources()
{
    m_sourcesView = new QTreeView(this);
    m_sourcesView->setObjectName(u"sourcesView"_s);
    m_sourcesView->setModel(m_sources);
    m_sourcesView->setItemDelegate(new SourcesDelegate(m_sourcesView));
    m_sourcesView->setHeaderHidden(true);
    m_sourcesView->setIndentation(16);
    m_sourcesView->setFrameShape(QFrame::NoFrame);
    m_sourcesView->setMouseTracking(true);
    m_sourcesView->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_sourcesView->setMinimumWidth(
        LeastSideWidth); // a layout kept in a small window must not leave a few letters of it
    m_sourcesView->setAccessibleName(tr("Sources"));
    connect(m_sourcesView, &QTreeView::clicked, this, &Workspace::activateSource);
    connect(m_sourcesView, &QTreeView::activated, this, &Workspace::activateSource);
    m_sourcesView->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_sourcesView, &QTreeView::customContextMenuRequested, this, &Workspace::showSourceMenu);
}

void Workspace::buildNotes()
{
    m_notesView = new QTableView(this);
    m_notesView->setModel(m_notes);
    m_notesView->setFrameShape(QFrame::NoFrame);
    m_notesView->setShowGrid(false);
    m_notesView->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_notesView->verticalHeader()->hide();
    m_notesView->horizontalHeader()->setStretchLastSection(true);
    m_notesView->horizontalHeader()->setHighlightSections(false);
    m_notesView->setAccessibleName(tr("Notes"));
    const auto go = [this](const QModelIndex &index) {
        if (const int source = index.data(NotesModel::SourceRole).toInt(); source >= 0)
            m_selection->selectLine(source, index.data(NotesModel::LineRole).toLongLong());
    };
    connect(m_notesView, &QTableView::clicked, this, go);
    connect(m_notesView, &QTableView::activated, this, go);
}

QDockWidget *Workspace::addDock(const QString &name, const QString &title, QWidget *content)
{
    auto *dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setWidget(content);
    m_docks.append(dock);
    const auto later = [this] { QMetaObject::invokeMethod(this, &Workspace::updateTitleBars, Qt::QueuedConnection); };
    connect(dock, &QDockWidget::dockLocationChanged, this, later);
    connect(dock, &QDockWidget::topLevelChanged, this, later);
    connect(dock, &QDockWidget::visibilityChanged, this, later);
    return dock;
}

void Workspace::buildDocks()
{
    m_diagnosis = new DiagnosisPanel(this);
    m_flow = new FlowPanel(this);
    m_focus = new FocusChart(this);
    m_focus->setObjectName(u"focusChart"_s);
    m_correlation = new CorrelationPanel(this);
    m_profile = new ProfilePanel(this);
    m_annotations = new AnnotationsPanel(this);
    m_annotations->setMinimumWidth(LeastSideWidth);
    m_diagnosis->setMinimumWidth(LeastDiagnosisWidth);
    m_sourcesDock = addDock(u"sourcesDock"_s, tr("Sources"), m_sourcesView);
    m_diagnosisDock = addDock(u"diagnosisDock"_s, tr("Diagnosis"), m_diagnosis);
    m_flowDock = addDock(u"flowDock"_s, tr("Flowchart"), m_flow);
    m_focusDock = addDock(u"focusDock"_s, tr("Focus"), m_focus);
    m_correlationDock = addDock(u"correlationDock"_s, tr("Correlation"), m_correlation);
    m_profileDock = addDock(u"profileDock"_s, tr("Profile"), m_profile);
    m_notesDock = addDock(u"notesDock"_s, tr("Reading problems"), m_notesView);
    m_annotationsDock = addDock(u"annotationsDock"_s, tr("Notes"), m_annotations);
    m_comparison = new ComparisonPanel(this);
    m_sql = new SqlConsole(this);
    m_sqlDock = addDock(u"sqlDock"_s, tr("Query"), m_sql);
    m_comparisonDock = addDock(u"comparisonDock"_s, tr("Comparison"), m_comparison);
    // A quarter of the window, the first time: the log above keeps most of its lines.
    connect(m_sqlDock, &QDockWidget::visibilityChanged, this, [this](bool isVisible) {
        if (isVisible && m_isSized && !std::exchange(m_isQuerySized, true))
            resizeDocks({m_sqlDock}, {std::max(LeastQueryHeight, height() / 4)}, Qt::Vertical);
    });
}

void Workspace::resetLayout()
{
    for (QDockWidget *dock : std::as_const(m_docks)) {
        removeDockWidget(dock);
        dock->setFloating(false);
    }
    addDockWidget(Qt::LeftDockWidgetArea, m_sourcesDock);
    addDockWidget(Qt::LeftDockWidgetArea, m_annotationsDock);
    addDockWidget(Qt::LeftDockWidgetArea, m_notesDock);
    addDockWidget(Qt::BottomDockWidgetArea, m_sqlDock);
    addDockWidget(Qt::BottomDockWidgetArea, m_comparisonDock);
    tabifyDockWidget(m_sqlDock, m_comparisonDock);
    addDockWidget(Qt::RightDockWidgetArea, m_diagnosisDock);
    splitDockWidget(m_diagnosisDock, m_flowDock, Qt::Vertical);
    tabifyDockWidget(m_flowDock, m_focusDock);
    tabifyDockWidget(m_focusDock, m_correlationDock);
    tabifyDockWidget(m_correlationDock, m_profileDock);
    for (QDockWidget *dock : std::as_const(m_docks))
        dock->setVisible(dock != m_notesDock && dock != m_sqlDock && (dock != m_annotationsDock || m_hadAnnotations)
                         && (dock != m_comparisonDock || m_selection->analysis().comparison));
    m_flowDock->raise();
    sizeDocks();
}

/// A dock among tabs is named by its tab; a title bar would say it twice.
void Workspace::updateTitleBars()
{
    for (QDockWidget *dock : std::as_const(m_docks)) {
        const bool isTab = !dock->isFloating() && !tabifiedDockWidgets(dock).isEmpty();
        if (isTab && !dock->titleBarWidget()) {
            dock->setTitleBarWidget(new QWidget(dock));
        } else if (!isTab && dock->titleBarWidget()) {
            QWidget *bar = dock->titleBarWidget();
            dock->setTitleBarWidget(nullptr);
            delete bar;
        }
    }
}

void Workspace::sizeDocks()
{
    const int width = std::max(this->width(), 900);
    const int height = std::max(this->height(), 600);
    resizeDocks({m_sourcesDock, m_diagnosisDock},
                {std::clamp(width * 17 / 100, 200, 300), std::clamp(width * 30 / 100, 320, 520)}, Qt::Horizontal);
    resizeDocks({m_diagnosisDock, m_flowDock}, {height * 56 / 100, height * 44 / 100}, Qt::Vertical);
    m_splitter->setSizes({height * 48 / 100, height * 52 / 100});
}

void Workspace::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    if (!m_isSized && isVisible()) {
        m_isSized = true;
        sizeDocks();
    }
}

QByteArray Workspace::layoutState() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << saveState(LayoutVersion) << m_splitter->saveState();
    return state;
}

bool Workspace::restoreLayout(const QByteArray &state)
{
    QDataStream stream(state);
    QByteArray docks;
    QByteArray splitter;
    stream >> docks >> splitter;
    if (stream.status() != QDataStream::Ok || !restoreState(docks, LayoutVersion))
        return false;
    m_splitter->restoreState(splitter);
    m_isSized = true;
    m_isQuerySized = !m_sqlDock->isHidden();
    return true;
}

void Workspace::setAnalysis(const Analysis &analysis)
{
    // The same case with more files, or walked anew, goes on where it was looked at.
    const Analysis before = m_selection->analysis();
    const int failure = sameFailure(before, m_selection->failure(), analysis);
    const int source = sameSource(before, m_selection->source(), analysis);
    const qint64 line = m_selection->line();
    const QString playbook = m_selection->playbook();
    const QString node = m_selection->node();
    const bool isFirstComparison = analysis.comparison && !before.comparison;
    m_sources->setAnalysis(analysis);
    m_notes->setAnalysis(analysis);
    m_notesView->resizeColumnsToContents();
    m_log->setAnalysis(analysis);
    m_timeline->setAnalysis(analysis);
    m_focus->setAnalysis(analysis);
    m_flow->setAnalysis(analysis);
    m_correlation->setAnalysis(analysis);
    m_profile->setAnalysis(analysis);
    m_sql->setAnalysis(analysis);
    m_diagnosis->setAnalysis(analysis);
    m_annotations->setAnalysis(analysis);
    m_comparison->setAnalysis(analysis);
    if (isFirstComparison)
        showComparison();
    m_selection->setAnalysis(analysis);
    if (analysis.findings && !analysis.findings->failures.empty())
        m_selection->selectFailure(std::max(0, failure));
    else if (m_log->source() >= 0)
        m_selection->selectLine(m_log->source(), 1);
    if (failure < 0)
        return;
    if (!node.isEmpty())
        m_selection->selectNode(playbook, node);
    if (source >= 0 && line > 0)
        m_selection->selectLine(source, line);
}

void Workspace::showComparison()
{
    m_comparisonDock->show();
    m_comparisonDock->raise();
    resizeDocks({m_comparisonDock}, {std::max(260, height() * 30 / 100)}, Qt::Vertical);
}

void Workspace::setFormatTitles(std::map<QByteArray, QString> titles)
{
    m_sources->setFormatTitles(std::move(titles));
}

void Workspace::setZone(ZoneShown zone)
{
    const QTimeZone timeZone = zone == ZoneShown::Utc ? QTimeZone(QTimeZone::UTC) : QTimeZone::systemTimeZone();
    m_timeline->axis()->setZone(timeZone);
    m_focus->setZone(timeZone);
    m_log->setZone(zone);
    m_diagnosis->setZone(zone);
    m_flow->setZone(zone);
    m_correlation->setZone(zone);
    m_annotations->setZone(zone);
    m_sql->setZone(zone);
}

/// From the selection to the views. None of these makes a view emit, and the selection is silent where nothing changes.
void Workspace::connectSelection()
{
    connect(m_selection, &Selection::failureChanged, this, [this](int failure) {
        m_diagnosis->setFailure(failure);
        m_flow->setFailure(failure);
        m_focus->setFailure(failure);
        m_correlation->setFailure(failure);
        m_sql->setFailure(failure);
        m_log->setFailure(failure);
        m_timeline->showFailure(failure);
    });
    connect(m_selection, &Selection::lineChanged, this, &Workspace::showLine);
    connect(m_selection, &Selection::cursorChanged, this, [this](std::optional<TimeNs> time) {
        if (!time)
            return;
        m_timeline->setTimeCursor(*time);
        m_focus->setTimeCursor(*time);
    });
    connect(m_selection, &Selection::rangeChanged, this, [this](std::optional<TimeRange> range) {
        m_timeline->setSelectedRange(range);
        m_diagnosis->setRange(range);
        m_correlation->setRange(range);
        m_profile->setRange(range);
        m_log->setRange(range);
    });
    connect(m_selection, &Selection::seriesChanged, this, [this](int series) {
        TrackItem item;
        item.kind = TrackItem::Kind::Sample;
        item.series = series;
        item.time = m_selection->cursor();
        m_timeline->select(item);
    });
    connect(m_selection, &Selection::nodeChanged, this, &Workspace::showNode);
}

/// From what a person does in a view to the selection.
void Workspace::connectViews()
{
    connect(m_timeline, &TimelineView::itemActivated, this, &Workspace::activateItem);
    connect(m_timeline, &TimelineView::cursorMoved, this, &Workspace::goToMoment);
    connect(m_timeline, &TimelineView::rangeSelected, m_selection, &Selection::selectRange);
    connect(m_timeline, &TimelineView::pictureWanted, this, [this] { offerPictures(u"timeline"_s); });
    connect(m_timeline, &TimelineView::localTimesWanted, this,
            [this](bool local) { Q_EMIT zoneWanted(local ? ZoneShown::Local : ZoneShown::Utc); });
    connect(m_timeline, &TimelineView::annotationActivated, this, [this](qint64 id) {
        if (const QModelIndex index = m_annotations->model()->indexOf(id); index.isValid()) {
            m_annotations->showNote(id);
            showAnnotation(m_annotations->model()->note(index));
        }
    });
    connect(m_annotations, &AnnotationsPanel::activated, this, &Workspace::showAnnotation);
    connect(m_focus, &FocusChart::itemActivated, this, &Workspace::activateItem);
    connect(m_focus, &FocusChart::cursorMoved, m_selection, &Selection::selectTime);
    connect(m_log, &LogPane::lineActivated, m_selection, &Selection::selectLine);
    connect(m_log, &LogPane::timeActivated, this, &Workspace::goToMoment);
    connect(m_log, &LogPane::evidenceGrown, this, [this](const std::shared_ptr<const Evidence> &evidence) {
        m_selection->setGrownEvidence(evidence);
        m_sql->setGrownEvidence(evidence);
    });
    connect(m_log, &LogPane::rangeDropped, this, [this] { m_selection->selectRange(std::nullopt); });
    connect(m_log, &LogPane::timeShownChanged, this, [this](LogView::TimeShown shown) {
        m_timeline->setShowsSinceFailure(shown == LogView::TimeShown::SinceFailure);
    });
    connect(m_log, &LogPane::message, this, &Workspace::message);
    connect(m_diagnosis, &DiagnosisPanel::failureActivated, m_selection, &Selection::selectFailure);
    connect(m_diagnosis, &DiagnosisPanel::evidenceActivated, m_selection, &Selection::selectEvidence);
    connect(m_diagnosis, &DiagnosisPanel::message, this, &Workspace::message);
    connect(m_correlation, &CorrelationPanel::peakActivated, this,
            [this](int series, TimeNs time) { m_selection->selectSeries(series, time); });
    connect(m_correlation, &CorrelationPanel::message, this, &Workspace::message);
    connect(m_profile, &ProfilePanel::lineActivated, m_selection, &Selection::selectLine);
    connect(m_profile, &ProfilePanel::message, this, &Workspace::message);
    connect(m_comparison, &ComparisonPanel::lineActivated, m_selection, &Selection::selectLine);
    connect(m_comparison, &ComparisonPanel::sampleActivated, this,
            [this](int series, TimeNs time) { m_selection->selectSeries(series, time); });
    connect(m_comparison, &ComparisonPanel::profileActivated, this, [this](int source, int profile) {
        if (m_profile->showProfile(source, profile))
            m_profileDock->raise();
    });
    connect(m_sql, &SqlConsole::lineActivated, m_selection, &Selection::selectLine);
    connect(m_sql, &SqlConsole::timeActivated, m_selection, &Selection::selectTime);
    connect(m_sql, &SqlConsole::plotChanged, this, [this](const std::shared_ptr<const QueryPlot> &plot) {
        m_timeline->setPlot(plot ? plot->source : nullptr);
    });
    connect(m_sql, &SqlConsole::message, this, &Workspace::message);
    connect(m_diagnosis, &DiagnosisPanel::answerWanted, this, &Workspace::answerWanted);
    connect(m_diagnosis, &DiagnosisPanel::questionActivated, m_selection, &Selection::selectNode);
    connect(m_flow, &FlowPanel::answerWanted, this, &Workspace::answerWanted);
    connect(m_flow, &FlowPanel::message, this, &Workspace::message);
    connect(m_flow, &FlowPanel::nodeActivated, m_selection, &Selection::selectNode);
    connect(m_flow, &FlowPanel::evidenceActivated, m_selection, &Selection::selectEvidence);
}

void Workspace::activateItem(const TrackItem &item)
{
    if (const auto plot = m_sql->plot(); plot && activatePlotted(*plot, item))
        return;
    switch (item.kind) {
    case TrackItem::Kind::None: return;
    case TrackItem::Kind::Failure: m_selection->selectFailure(item.failure); return;
    case TrackItem::Kind::Spike:
    case TrackItem::Kind::Sample: m_selection->selectSeries(item.series, item.time); return;
    case TrackItem::Kind::Profile:
        if (m_profile->showProfile(item.source, item.profile))
            m_profileDock->raise();
        return;
    case TrackItem::Kind::Event:
    case TrackItem::Kind::Span:
    case TrackItem::Kind::Fact:
    case TrackItem::Kind::Coverage: break;
    }
    if (item.line > 0)
        m_selection->selectLine(item.source, item.line);
    else if (item.time)
        m_selection->selectTime(*item.time);
}

std::vector<Picture> Workspace::pictures() const
{
    constexpr QSize FocusSize(960, 480);
    constexpr int FlameWidth = 1200;
    const Analysis analysis = m_selection->analysis();
    const int failure = m_selection->failure();
    std::vector<Picture> pictures;
    pictures.push_back({u"timeline"_s, tr("Timeline, as it is shown"),
                        [this](bool dark) { return m_timeline->renderShownImage(dark); },
                        [this](bool dark) { return m_timeline->renderShownSvg(dark); }});
    pictures.push_back({u"focus"_s, tr("Focus chart of the failure"),
                        [=](bool dark) { return FocusChart::renderImage(analysis, failure, FocusSize, dark); },
                        [=](bool dark) { return FocusChart::renderSvg(analysis, failure, FocusSize, dark); }});
    pictures.push_back({u"flames"_s, tr("Flame graph, as it is zoomed"),
                        [this](bool dark) { return m_profile->flames()->renderImage(dark, FlameWidth); },
                        [this](bool dark) { return m_profile->flames()->renderSvg(dark, FlameWidth); }});
    pictures.push_back({u"flowchart"_s, tr("Flowchart of the diagnosis"),
                        [this](bool dark) { return m_flow->view()->renderImage(dark); },
                        [this](bool dark) { return m_flow->view()->renderSvg(dark); }});
    return pictures;
}

void Workspace::offerPictures(const QString &first)
{
    const bool dark = palette().color(QPalette::Window).lightness() < 128;
    auto *dialog = new PictureDialog(pictures(), first, dark, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &PictureDialog::message, this, &Workspace::message);
    dialog->open();
}

void Workspace::showSourceMenu(QPoint position)
{
    const QModelIndex index = m_sourcesView->indexAt(position);
    if (!index.isValid())
        return;
    // As a click: what the menu is about is what is highlighted and shown.
    m_sourcesView->setCurrentIndex(index);
    activateSource(index);
    const int source = index.data(SourcesModel::SourceRole).toInt();
    auto *menu = new QMenu(this);
    menu->setObjectName(u"sourceMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Format and clock…"), this, [this, source] { Q_EMIT overruleWanted(source); });
    menu->addAction(tr("Copy its path"), this,
                    [path = index.siblingAtColumn(0).data(SourcesModel::PathRole).toString()] {
                        QGuiApplication::clipboard()->setText(path);
                    });
    menu->popup(m_sourcesView->viewport()->mapToGlobal(position));
}

int Workspace::chosenSource() const
{
    const QModelIndex current = m_sourcesView->currentIndex();
    return current.isValid() ? current.data(SourcesModel::SourceRole).toInt() : m_selection->source();
}

void Workspace::activateSource(const QModelIndex &index)
{
    const int source = index.data(SourcesModel::SourceRole).toInt();
    switch (static_cast<SourcesModel::Item>(index.data(SourcesModel::ItemRole).toInt())) {
    case SourcesModel::Item::Series:
        m_selection->selectSeries(index.data(SourcesModel::SeriesRole).toInt(), m_selection->cursor());
        return;
    case SourcesModel::Item::Note:
        m_selection->selectLine(source, index.data(SourcesModel::LineRole).toLongLong());
        return;
    case SourcesModel::Item::Source: break;
    }
    if (m_profile->showSource(source))
        m_profileDock->raise();
    if (source == m_selection->source())
        return;
    // A source's own view of the moment that is looked at, not its beginning.
    const auto cursor = m_selection->cursor();
    const qint64 line = cursor ? m_selection->lineAt(source, *cursor) : 0;
    m_selection->selectLine(source, std::max<qint64>(1, line));
}

void Workspace::showLine(int source, qint64 line)
{
    m_log->showLine(source, line);
    m_diagnosis->showPlace(source, line);
    m_flow->showPlace(source, line);
    const QModelIndex current = m_sourcesView->currentIndex();
    if (current.data(SourcesModel::SourceRole).toInt() != source || !current.isValid())
        m_sourcesView->setCurrentIndex(m_sources->sourceIndex(source));
    if (const TrackItem item = itemOfLine(source, line); !item.isNull())
        m_timeline->select(item);
}

TrackItem Workspace::itemOfLine(int source, qint64 line) const
{
    TrackItem item;
    const Analysis &analysis = m_selection->analysis();
    if (line <= 0 || !analysis.evidence || source < 0)
        return item;
    item.source = source;
    if (analysis.findings) {
        for (const Failure &failure : analysis.findings->failures) {
            if (failure.source == source && failure.line == line) {
                item.kind = TrackItem::Kind::Failure;
                item.failure = failure.id;
                item.line = line;
                if (failure.time)
                    item.time = failure.time->time;
                return item;
            }
        }
    }
    const auto &events = analysis.evidence->sources[static_cast<size_t>(source)]->events;
    const auto found = std::ranges::lower_bound(events, line, {}, &Event::line);
    if (found == events.end() || found->line != line)
        return item;
    item.kind = TrackItem::Kind::Event;
    item.event = static_cast<int>(found - events.begin());
    item.line = found->line;
    item.lastLine = found->lastLine;
    if (const auto time = m_selection->timeOfLine(source, line))
        item.time = time->time;
    return item;
}

void Workspace::showNode(const QString &playbook, const QString &node)
{
    m_flow->showNode(playbook, node);
    const Analysis &analysis = m_selection->analysis();
    if (!analysis.diagnosis)
        return;
    for (const WalkedFlowchart &chart : analysis.diagnosis->flowcharts) {
        if (chart.playbook != playbook || chart.failure != m_selection->failure())
            continue;
        const auto found = std::ranges::find(chart.nodes, node, &WalkedNode::id);
        if (found != chart.nodes.end() && !found->cause.isEmpty())
            m_diagnosis->showCause(found->cause);
    }
}

void Workspace::stepFailure(int by)
{
    const auto &findings = m_selection->analysis().findings;
    if (!findings || findings->failures.empty())
        return;
    const int count = static_cast<int>(findings->failures.size());
    m_selection->selectFailure((m_selection->failure() + by + count) % count);
}

void Workspace::stepEvidence(int by)
{
    const std::vector<EvidenceRef> cited = m_diagnosis->citedEvidence();
    if (cited.empty())
        return;
    const auto count = static_cast<int>(cited.size());
    const auto at = std::ranges::find_if(cited, [this](const EvidenceRef &ref) {
        return ref.line > 0
                   ? ref.source == m_selection->source() && ref.line == m_selection->line()
                   : ref.time && m_selection->cursor() == ref.time->time && ref.series == m_selection->series();
    });
    // From a place that is not cited, forward begins with the first.
    const int row = at == cited.end() ? (by > 0 ? -1 : 0) : static_cast<int>(at - cited.begin());
    m_selection->selectEvidence(cited[static_cast<size_t>((row + by + count) % count)]);
}

} // namespace faultline
