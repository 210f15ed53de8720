// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logpane.h"

#include "app/logview/findbar.h"
#include "app/settings/icons.h"
#include "app/settings/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

LogPane::LogPane(QWidget *parent)
    : QWidget(parent)
    , m_search(new LogSearch(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *head = new QWidget(this);
    buildHead(head);
    column->addWidget(head);
    m_view = new LogView(this);
    column->addWidget(m_view, 1);
    m_find = new FindBar(this);
    m_find->hide();
    column->addWidget(m_find);
    setFocusProxy(m_view);

    connect(m_view, &LogView::lineActivated, this, [this](qint64 line) { Q_EMIT lineActivated(m_source, line); });
    connect(m_view, &LogView::message, this, &LogPane::message);
    connect(m_find, &FindBar::queryChanged, this, &LogPane::search);
    connect(m_find, &FindBar::nextWanted, this, &LogPane::goToHit);
    connect(m_find, &FindBar::closed, this, [this] {
        m_find->hide();
        m_search->stop();
        m_view->setFound({}, nullptr);
        m_view->setFocus();
    });
    connect(m_search, &LogSearch::changed, this, &LogPane::searchChanged);
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
    connect(m_time, &QToolButton::clicked, this, &LogPane::toggleTimeShown);
    connect(m_colours, &QToolButton::clicked, this, &LogPane::toggleColours);
    connect(find, &QToolButton::clicked, this, &LogPane::find);
}

void LogPane::setAnalysis(const Analysis &analysis)
{
    m_search->stop();
    m_find->hide();
    m_analysis = analysis;
    m_failure = -1;
    m_names = m_analysis.evidence ? sourceNames(*m_analysis.evidence) : QStringList();
    const QSignalBlocker quiet(m_sources);
    m_sources->clear();
    for (int i = 0; i < m_names.size(); ++i) {
        const SourceEvidence &source = *m_analysis.evidence->sources[static_cast<size_t>(i)];
        if (source.text)
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
    m_view->setReference(reference);
    updateMarks();
}

void LogPane::showLine(int source, qint64 line)
{
    if (source != m_source)
        setSource(source);
    if (line > 0)
        m_view->setCurrentLine(line);
}

void LogPane::setSource(int source)
{
    m_source = source;
    m_search->stop();
    const bool known =
        m_analysis.evidence && source >= 0 && static_cast<size_t>(source) < m_analysis.evidence->sources.size();
    if (!known) {
        m_view->setSource(nullptr, {}, {});
        m_about->clear();
        return;
    }
    const auto index = static_cast<size_t>(source);
    const auto &evidence = m_analysis.evidence->sources[index];
    const bool isPlaced = m_analysis.placement && index < m_analysis.placement->sources.size();
    m_view->setSource(evidence, isPlaced ? m_analysis.placement->sources[index] : SourcePlacement(),
                      m_names.value(source));
    m_sources->setCurrentIndex(m_sources->findData(source));
    QStringList about{evidence->lineCount() == 1 ? tr("1 line")
                                                 : tr("%1 lines").arg(QLocale().toString(evidence->lineCount()))};
    if (isPlaced)
        about.append(clockText(*evidence, m_analysis.placement->sources[index]));
    m_about->setText(about.join(u" · "));
    updateMarks();
    if (m_find->isVisible())
        search(m_find->query());
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
    search(m_find->query());
}

void LogPane::findNext()
{
    goToHit(true);
}

void LogPane::findPrevious()
{
    goToHit(false);
}

void LogPane::search(const SearchQuery &query)
{
    if (m_source < 0)
        return;
    const QRegularExpression expression = query.expression();
    if (!expression.isValid()) {
        m_search->stop();
        m_view->setFound({}, nullptr);
        m_find->setStatus(expression.errorString(), true);
        return;
    }
    m_searchedFrom = m_view->currentLine();
    m_wantsFirstHit = !query.text.isEmpty();
    m_search->start(m_analysis.evidence->sources[static_cast<size_t>(m_source)], query);
    m_view->setFound(query.text.isEmpty() ? std::nullopt : std::optional(query), &m_search->hits());
    updateFindStatus();
}

void LogPane::searchChanged()
{
    if (m_wantsFirstHit) {
        // The nearest from where the person was, at or after; the first of all once it is known that none follows.
        const qint64 line = m_search->next(m_searchedFrom - 1, true, !m_search->isRunning());
        if (line > 0) {
            m_wantsFirstHit = false;
            m_view->setCurrentLine(line);
            Q_EMIT lineActivated(m_source, line);
        }
    }
    if (m_find->isVisible())
        m_view->setFound(m_find->query().text.isEmpty() ? std::nullopt : std::optional(m_find->query()),
                         &m_search->hits());
    updateFindStatus();
}

void LogPane::goToHit(bool forward)
{
    if (!m_find->isVisible()) {
        find();
        return;
    }
    const qint64 line = m_search->next(m_view->currentLine(), forward, !m_search->isRunning());
    if (line <= 0)
        return;
    m_view->setCurrentLine(line);
    Q_EMIT lineActivated(m_source, line);
    updateFindStatus();
}

void LogPane::updateFindStatus()
{
    const auto &hits = m_search->hits();
    const QLocale locale;
    if (m_find->query().text.isEmpty()) {
        m_find->setStatus({}, false);
        return;
    }
    const QString count = locale.toString(static_cast<qulonglong>(hits.size()));
    if (m_search->isRunning()) {
        m_find->setStatus(tr("%1 so far…").arg(count), false);
        return;
    }
    if (hits.empty()) {
        m_find->setStatus(tr("No matches"), true);
        return;
    }
    const auto at = std::ranges::lower_bound(hits, m_view->currentLine());
    const bool onHit = at != hits.end() && *at == m_view->currentLine();
    QString status =
        onHit ? tr("%1 of %2 lines").arg(locale.toString(static_cast<qulonglong>(at - hits.begin() + 1)), count)
              : tr("%1 lines").arg(count);
    if (m_search->isCapped())
        status = tr("more than %1").arg(status);
    m_find->setStatus(status, false);
}

} // namespace faultline
