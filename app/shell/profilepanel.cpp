// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/profilepanel.h"

#include "app/shell/threadgroups.h"
#include "charts/flame/flameview.h"

#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QSaveFile>
#include <QSplitter>
#include <QStackedWidget>
#include <QStandardItemModel>
#include <QTableView>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int LineRole = Qt::UserRole + 1;
constexpr int SortRole = Qt::UserRole + 2;
constexpr int NameRole = Qt::UserRole + 3; ///< A function's name as the profile has it.
constexpr int MostFunctions = 5000;
constexpr int LeastChoiceWidth = 90; ///< So that the panel can be narrower than its longest entries.
enum Page { EmptyPage, FlamePage, FunctionsPage, ThreadsPage };

QStandardItem *numberItem(double value, const QByteArray &unit)
{
    auto *item = new QStandardItem(profileValueText(value, unit));
    item->setData(value, SortRole);
    item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    item->setEditable(false);
    return item;
}

QStandardItem *textItem(const QString &text)
{
    auto *item = new QStandardItem(text);
    item->setData(text, SortRole);
    item->setToolTip(text);
    item->setEditable(false);
    return item;
}

} // namespace

ProfilePanel::ProfilePanel(QWidget *parent)
    : QWidget(parent)
    , m_functionRows(new QStandardItemModel(this))
    , m_threadRows(new QStandardItemModel(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    m_pages = new QStackedWidget(this);
    column->addWidget(m_pages, 1);
    auto *empty = new QLabel(tr("No profile and no dump of threads was read.\nDrop one here: a pprof file, a goroutine "
                                "profile, the dump of a panic, or a jstack."),
                             this);
    empty->setAlignment(Qt::AlignCenter);
    empty->setWordWrap(true);
    empty->setMargin(16);
    empty->setForegroundRole(QPalette::PlaceholderText);
    m_pages->addWidget(empty);
    m_pages->addWidget(buildFlames());
    m_pages->addWidget(buildFunctions());
    m_pages->addWidget(buildThreads());
    setFocusProxy(m_flames);
}

QWidget *ProfilePanel::buildHead()
{
    auto *head = new QWidget(this);
    auto *rows = new QVBoxLayout(head);
    rows->setContentsMargins(8, 4, 8, 4);
    auto *row = new QHBoxLayout;
    rows->addLayout(row);
    m_choice = new QComboBox(head);
    m_choice->setAccessibleName(tr("Profile shown"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_choice->setMinimumContentsLength(14);
    m_choice->setMinimumWidth(LeastChoiceWidth);
    row->addWidget(m_choice, 2);
    m_view = new QComboBox(head);
    m_view->setAccessibleName(tr("How it is shown"));
    m_view->addItems({tr("Calls, from the top"), tr("Callers of what ran"), tr("One function, both sides"),
                      tr("Against another profile"), tr("Table of functions")});
    m_view->setMinimumWidth(LeastChoiceWidth);
    row->addWidget(m_view, 1);
    m_compared = new QComboBox(head);
    m_compared->setAccessibleName(tr("Profile compared with"));
    m_compared->setMinimumWidth(LeastChoiceWidth);
    row->addWidget(m_compared, 1);
    row = new QHBoxLayout;
    rows->addLayout(row);
    m_search = new QLineEdit(head);
    m_search->setPlaceholderText(tr("Search functions"));
    m_search->setClearButtonEnabled(true);
    row->addWidget(m_search, 1);
    m_found = new QLabel(head);
    m_found->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(m_found);
    const auto button = [this, row, head](const QString &text, const QString &tip, auto slot) {
        auto *made = new QToolButton(head);
        made->setText(text);
        made->setToolTip(tip);
        made->setAutoRaise(true);
        connect(made, &QToolButton::clicked, this, slot);
        row->addWidget(made);
    };
    button(tr("Copy"), tr("Copy the flame graph as a picture"), &ProfilePanel::copyPicture);
    button(tr("Save…"), tr("Save the flame graph as SVG"), &ProfilePanel::saveSvg);
    connect(m_choice, &QComboBox::activated, this, &ProfilePanel::choose);
    connect(m_view, &QComboBox::activated, this, &ProfilePanel::showView);
    connect(m_compared, &QComboBox::activated, this, &ProfilePanel::showView);
    connect(m_search, &QLineEdit::textChanged, this, &ProfilePanel::search);
    return head;
}

QWidget *ProfilePanel::buildFlames()
{
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    m_flames = new FlameView(splitter);
    m_flames->setObjectName(u"flameView"_s);
    m_below = new FlameView(splitter);
    m_below->setAccessibleName(tr("What it called"));
    m_below->hide();
    for (FlameView *view : {m_flames, m_below})
        connect(view, &FlameView::functionActivated, this,
                [this](const QByteArray &function) { m_function = function; });
    return splitter;
}

QWidget *ProfilePanel::buildFunctions()
{
    m_functionRows->setSortRole(SortRole);
    m_functions = new QTableView(this);
    m_functions->setObjectName(u"functionsView"_s);
    m_functions->setModel(m_functionRows);
    m_functions->setSortingEnabled(true);
    m_functions->setFrameShape(QFrame::NoFrame);
    m_functions->setShowGrid(false);
    m_functions->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_functions->setTextElideMode(Qt::ElideMiddle);
    m_functions->setWordWrap(false);
    m_functions->verticalHeader()->hide();
    m_functions->horizontalHeader()->setHighlightSections(false);
    m_functions->setAccessibleName(tr("Functions"));
    connect(m_functions, &QTableView::activated, this, [this](const QModelIndex &index) {
        m_function = index.siblingAtColumn(0).data(NameRole).toByteArray();
        m_view->setCurrentIndex(Around);
        showView();
    });
    return m_functions;
}

QWidget *ProfilePanel::buildThreads()
{
    m_threads = new QTreeView(this);
    m_threads->setObjectName(u"threadsView"_s);
    m_threads->setModel(m_threadRows);
    m_threads->setFrameShape(QFrame::NoFrame);
    m_threads->setUniformRowHeights(true);
    m_threads->setAccessibleName(tr("Threads"));
    const auto go = [this](const QModelIndex &index) {
        const qint64 line = index.siblingAtColumn(0).data(LineRole).toLongLong();
        const int row = m_choice->currentIndex();
        if (line > 0 && row >= 0)
            Q_EMIT lineActivated(m_choices[static_cast<size_t>(row)].source, line);
    };
    connect(m_threads, &QTreeView::clicked, this, go);
    connect(m_threads, &QTreeView::activated, this, go);
    return m_threads;
}

void ProfilePanel::setAnalysis(const Analysis &analysis)
{
    const QString before = m_choice->currentText();
    m_analysis = analysis;
    m_choices.clear();
    m_choice->clear();
    if (analysis.evidence) {
        const QStringList names = sourceNames(*analysis.evidence);
        for (size_t i = 0; i < analysis.evidence->sources.size(); ++i) {
            const SourceEvidence &source = *analysis.evidence->sources[i];
            const int id = static_cast<int>(i);
            for (size_t k = 0; k < source.profiles.size(); ++k) {
                m_choices.push_back({id, static_cast<int>(k)});
                m_choice->addItem(shownText(source.profiles[k].type) % u" · "_s % names[id]);
            }
            if (!source.threads.empty()) {
                m_choices.push_back({id, -1});
                m_choice->addItem(tr("threads") % u" · "_s % names[id]);
            }
        }
    }
    // A flame graph says more at first sight than a list of threads.
    const auto first = std::ranges::find_if(m_choices, [](const Choice &choice) { return choice.profile >= 0; });
    setRange(m_range);
    if (const int same = m_choice->findText(before); same >= 0) {
        choose(same); // the same case, analysed anew
        return;
    }
    m_function.clear();
    if (m_choices.empty())
        choose(-1);
    else
        showSource(first == m_choices.end() ? m_choices.front().source : first->source);
}

bool ProfilePanel::showProfile(int source, int profile)
{
    const auto found = std::ranges::find_if(
        m_choices, [&](const Choice &choice) { return choice.source == source && choice.profile == profile; });
    if (found == m_choices.end())
        return false;
    choose(static_cast<int>(found - m_choices.begin()));
    return true;
}

/// What has no time is never left out: it may well lie in the range.
bool ProfilePanel::isInRange(const Choice &choice) const
{
    if (!m_range || !m_analysis.placement || choice.profile < 0)
        return true;
    const auto source = static_cast<size_t>(choice.source);
    const Profile &profile = m_analysis.evidence->sources[source]->profiles[static_cast<size_t>(choice.profile)];
    const auto placed = profile.time ? m_analysis.placement->sources[source].place(*profile.time) : std::nullopt;
    return !placed
           || (placed->lo <= m_range->hi && placed->hi + std::max<DurationNs>(profile.durationNs, 0) >= m_range->lo);
}

void ProfilePanel::setRange(std::optional<TimeRange> range)
{
    m_range = range;
    auto *list = qobject_cast<QListView *>(m_choice->view());
    int first = -1;
    for (int row = 0; row < m_choice->count(); ++row) {
        const bool isIn = isInRange(m_choices[static_cast<size_t>(row)]);
        list->setRowHidden(row, !isIn);
        if (isIn && first < 0)
            first = row;
    }
    const int current = m_choice->currentIndex();
    if (first >= 0 && current >= 0 && !isInRange(m_choices[static_cast<size_t>(current)]))
        choose(first);
}

bool ProfilePanel::isEmpty() const
{
    return m_choices.empty();
}

bool ProfilePanel::showSource(int source)
{
    // The last type is what pprof shows unasked: time of a CPU profile, memory in use of a heap.
    const auto last = std::find_if(m_choices.rbegin(), m_choices.rend(), [source](const Choice &choice) {
        return choice.source == source && choice.profile >= 0;
    });
    const auto any = std::ranges::find(m_choices, source, &Choice::source);
    if (any == m_choices.end())
        return false;
    choose(static_cast<int>(last == m_choices.rend() ? any - m_choices.begin() : last.base() - m_choices.begin() - 1));
    return true;
}

const Profile *ProfilePanel::profileOf(int row) const
{
    if (row < 0 || std::cmp_greater_equal(row, m_choices.size()) || m_choices[static_cast<size_t>(row)].profile < 0)
        return nullptr;
    const Choice &choice = m_choices[static_cast<size_t>(row)];
    const SourceEvidence &source = *m_analysis.evidence->sources[static_cast<size_t>(choice.source)];
    return &source.profiles[static_cast<size_t>(choice.profile)];
}

void ProfilePanel::choose(int row)
{
    m_choice->setCurrentIndex(row);
    const Profile *profile = profileOf(row);
    m_choice->setEnabled(row >= 0);
    m_view->setEnabled(profile);
    m_search->setEnabled(profile);
    if (profile)
        fillCompared(*profile);
    showView();
}

/// Profiles of the same type and unit: others cannot be held against it.
void ProfilePanel::fillCompared(const Profile &profile)
{
    const QVariant before = m_compared->currentData();
    m_compared->clear();
    for (size_t i = 0; i < m_choices.size(); ++i) {
        const Profile *other = profileOf(static_cast<int>(i));
        if (other && other != &profile && other->type == profile.type && other->unit == profile.unit)
            m_compared->addItem(m_choice->itemText(static_cast<int>(i)), static_cast<int>(i));
    }
    if (const int known = m_compared->findData(before); known >= 0)
        m_compared->setCurrentIndex(known);
}

void ProfilePanel::showView()
{
    m_isStale = !isVisible();
    if (m_isStale)
        return;
    const int row = m_choice->currentIndex();
    const Profile *profile = profileOf(row);
    m_compared->setVisible(profile && m_view->currentIndex() == Difference);
    m_found->clear();
    ++m_generation;
    m_isBusy = false;
    m_search->setPlaceholderText(tr("Search functions"));
    if (row < 0)
        m_pages->setCurrentIndex(EmptyPage);
    else if (!profile)
        showThreads(m_choices[static_cast<size_t>(row)].source);
    else
        addUp();
}

void ProfilePanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_isStale)
        showView();
}

/// Call paths are added up apart from the window, which goes on with what it shows until they are.
void ProfilePanel::addUp()
{
    const Profile *profile = profileOf(m_choice->currentIndex());
    const auto view = static_cast<View>(m_view->currentIndex());
    const Profile *other = view == Difference
                               ? profileOf(m_compared->currentData().isValid() ? m_compared->currentData().toInt() : -1)
                               : nullptr;
    if (view == Difference && !other)
        Q_EMIT message(tr("There is no other profile of this type to compare with"));
    m_isBusy = true;
    m_search->setPlaceholderText(tr("Adding up…")); // takes no room that the dock would then keep
    // The analysis keeps both profiles alive.
    const auto work = [analysis = m_analysis, profile, other, view, function = m_function] {
        Sums sums;
        switch (view) {
        case Callees: sums.above = FlameTree::callees(*profile); break;
        case Callers: sums.above = FlameTree::callers(*profile); break;
        case Difference:
            sums.above = other ? FlameTree::difference(*other, *profile) : FlameTree::callees(*profile);
            break;
        case Functions: sums.functions = functionWeights(*profile); break;
        case Around: {
            sums.function = function;
            if (function.isEmpty()) {
                const auto weights = functionWeights(*profile);
                const auto heaviest = std::ranges::max_element(weights, {}, &FunctionWeight::flat);
                sums.function = heaviest == weights.end() ? QByteArray() : heaviest->function;
            }
            sums.above = FlameTree::around(*profile, sums.function, true);
            sums.below = FlameTree::around(*profile, sums.function, false);
            break;
        }
        }
        return sums;
    };
    QtConcurrent::run(work).then(this, [this, generation = ++m_generation](Sums sums) {
        if (generation == m_generation)
            showSums(std::move(sums));
    });
}

void ProfilePanel::showSums(Sums sums)
{
    m_isBusy = false;
    m_search->setPlaceholderText(tr("Search functions"));
    m_found->clear();
    const Profile *profile = profileOf(m_choice->currentIndex());
    if (!profile)
        return;
    if (m_view->currentIndex() == Functions) {
        showFunctions(*profile, std::move(sums.functions));
        return;
    }
    if (!sums.function.isEmpty())
        m_function = sums.function;
    m_flames->setTree(std::move(sums.above), profile->unit);
    m_below->setVisible(sums.below.has_value());
    if (sums.below)
        m_below->setTree(std::move(*sums.below), profile->unit);
    m_pages->setCurrentIndex(FlamePage);
    search(m_search->text());
}

void ProfilePanel::search(const QString &text)
{
    m_flames->setSearch(text);
    m_below->setSearch(text);
    if (m_pages->currentIndex() == FunctionsPage) {
        for (int row = 0; row < m_functionRows->rowCount(); ++row)
            m_functions->setRowHidden(row, !m_functionRows->item(row, 0)->text().contains(text, Qt::CaseInsensitive));
        return;
    }
    const double whole = m_flames->tree().isEmpty() ? 0 : m_flames->tree().node(0).total;
    const double found = m_flames->tree().weightOf(text);
    m_found->setText(text.isEmpty() || whole <= 0
                         ? QString()
                         : tr("%1 % of all").arg(QLocale().toString(100 * found / whole, 'f', 1)));
}

void ProfilePanel::showFunctions(const Profile &profile, std::vector<FunctionWeight> weights)
{
    m_functionRows->clear();
    m_functionRows->setHorizontalHeaderLabels({tr("Function"), tr("Itself"), tr("With callees")});
    if (weights.empty()) {
        for (const ProfileFrame &frame : profile.frames)
            weights.push_back({frame.function, frame.flat, frame.cum});
    }
    if (weights.size() > MostFunctions)
        weights.resize(MostFunctions);
    for (const FunctionWeight &weight : weights) {
        QStandardItem *name = textItem(faultline::shownText(weight.function));
        name->setData(weight.function, NameRole);
        m_functionRows->appendRow({name, numberItem(weight.flat, profile.unit), numberItem(weight.cum, profile.unit)});
    }
    m_pages->setCurrentIndex(FunctionsPage);
    m_functions->sortByColumn(2, Qt::DescendingOrder);
    m_functions->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_functions->horizontalHeader()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_functions->horizontalHeader()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    search(m_search->text());
}

void ProfilePanel::showThreads(int source)
{
    m_threadRows->clear();
    m_threadRows->setHorizontalHeaderLabels({tr("Stack"), tr("Threads"), tr("State"), tr("For at most")});
    const SourceEvidence &evidence = *m_analysis.evidence->sources[static_cast<size_t>(source)];
    for (const ThreadGroup &group : groupThreads(evidence.threads)) {
        QStandardItem *head = textItem(group.frames.isEmpty() ? tr("(no stack)") : group.frames.front());
        head->setData(group.line, LineRole);
        for (const QString &frame : group.frames) {
            QStandardItem *item = textItem(frame);
            item->setData(group.line, LineRole);
            head->appendRow({item, textItem({}), textItem({}), textItem({})});
        }
        auto *count = textItem(QLocale().toString(group.count));
        count->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_threadRows->appendRow({head, count, textItem(group.state),
                                 textItem(group.longestNs > 0 ? durationText(group.longestNs) : QString())});
    }
    m_pages->setCurrentIndex(ThreadsPage);
    m_threads->header()->setStretchLastSection(false);
    m_threads->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (int column = 1; column < 4; ++column)
        m_threads->header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
}

void ProfilePanel::copyPicture()
{
    if (m_pages->currentIndex() != FlamePage)
        return;
    const bool dark = palette().color(QPalette::Window).lightness() < 128;
    QGuiApplication::clipboard()->setImage(m_flames->renderImage(dark, std::max(600, m_flames->width())));
    Q_EMIT message(tr("The flame graph is on the clipboard"));
}

void ProfilePanel::saveSvg()
{
    if (m_pages->currentIndex() != FlamePage)
        return;
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Save the flame graph"), u"flames.svg"_s, tr("SVG (*.svg)"));
    if (path.isEmpty())
        return;
    const bool dark = palette().color(QPalette::Window).lightness() < 128;
    const QByteArray svg = m_flames->renderSvg(dark, std::max(900, m_flames->width()));
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(svg) == svg.size() && file.commit())
        Q_EMIT message(tr("Saved %1").arg(path));
    else
        Q_EMIT message(tr("%1 could not be written: %2").arg(path, file.errorString()));
}

} // namespace faultline
