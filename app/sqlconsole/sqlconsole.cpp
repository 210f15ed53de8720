// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sqlconsole/sqlconsole.h"

#include "app/cli/tablewriter.h"
#include "app/settings/theme.h"
#include "app/sqlconsole/queryplot.h"
#include "app/sqlconsole/rowsmodel.h"
#include "app/sqlconsole/sqleditor.h"
#include "models/playbooks/answering.h"
#include "models/store/casedatabase.h"

#include <QElapsedTimer>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QSaveFile>
#include <QSplitter>
#include <QTableView>
#include <QTextBlock>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr DurationNs Before = 60 * NsPerSecond; ///< :from and :to, as in the playbooks' usual window.
constexpr DurationNs After = 5 * NsPerSecond;
constexpr int MostColumnWidth = 420;

} // namespace

SqlConsole::SqlConsole(QWidget *parent)
    : QWidget(parent)
    , m_editor(new SqlEditor(this))
    , m_rows(new RowsModel(this))
    , m_table(new QTableView(this))
    , m_schema(new QTreeWidget(this))
    , m_status(new QLabel(this))
{
    setObjectName(u"sqlConsole"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    auto *across = new QSplitter(Qt::Horizontal, this);
    auto *down = new QSplitter(Qt::Vertical, across);
    down->addWidget(m_editor);
    buildTable();
    down->addWidget(m_table);
    m_schema->setObjectName(u"sqlSchema"_s);
    m_schema->setHeaderHidden(true);
    m_schema->setColumnCount(2);
    m_schema->setFrameShape(QFrame::NoFrame);
    m_schema->setAccessibleName(tr("Tables"));
    m_schema->setToolTip(tr("A double click writes the name into the statement"));
    across->addWidget(m_schema);
    across->setChildrenCollapsible(false);
    across->setStretchFactor(0, 4);
    across->setStretchFactor(1, 1);
    down->setChildrenCollapsible(false);
    down->setStretchFactor(0, 1);
    down->setStretchFactor(1, 3);
    column->addWidget(across, 1);
    m_status->setObjectName(u"sqlStatus"_s);
    m_status->setTextFormat(Qt::PlainText);
    m_status->setWordWrap(true);
    m_status->setContentsMargins(10, 4, 10, 4);
    column->addWidget(m_status);
    setFocusProxy(m_editor);

    connect(m_editor, &SqlEditor::runWanted, this, &SqlConsole::run);
    connect(m_editor, &SqlEditor::historyWanted, this, &SqlConsole::step);
    connect(m_schema, &QTreeWidget::itemDoubleClicked, this, [this](QTreeWidgetItem *item) {
        m_editor->insertPlainText(item->text(0));
        m_editor->setFocus();
    });
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] { showAnswer(m_watcher.result()); });
    m_status->setText(tr("Ctrl+Enter runs the statement"));
}

SqlConsole::~SqlConsole()
{
    m_watcher.disconnect(this);
    m_cancel.cancel();
    m_watcher.waitForFinished();
}

QWidget *SqlConsole::buildHead()
{
    auto *head = new QWidget(this);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(8, 4, 8, 4);
    const auto add = [&](const QString &text, const QString &tip) {
        auto *button = new QToolButton(head);
        button->setText(text);
        button->setToolTip(tip);
        button->setAutoRaise(true);
        row->addWidget(button);
        return button;
    };
    m_run = add(tr("Run"), tr("Run the statement, or the selected part of it (Ctrl+Enter)"));
    m_run->setObjectName(u"sqlRun"_s);
    connect(m_run, &QToolButton::clicked, this, [this] { isRunning() ? stop() : run(); });
    auto *history = add(tr("History"), tr("What was run before (Alt+Up, Alt+Down)"));
    auto *menu = new QMenu(history);
    history->setMenu(menu);
    history->setPopupMode(QToolButton::InstantPopup);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        constexpr qsizetype MostInMenu = 20;
        for (qsizetype i = m_history.size() - 1; i >= 0 && i >= m_history.size() - MostInMenu; --i) {
            const QString text = m_history.at(i);
            menu->addAction(
                fontMetrics().elidedText(text.simplified(), Qt::ElideRight, MostColumnWidth).replace(u'&', u"&&"_s),
                this, [this, text] { m_editor->setPlainText(text); });
        }
    });
    m_save = add(tr("Save…"), tr("Save the rows as a file"));
    auto *formats = new QMenu(m_save);
    formats->addAction(tr("As CSV…"), this, [this] { save(tr("CSV (*.csv)"), asCsv(m_rows->rows())); });
    formats->addAction(tr("As JSON…"), this, [this] { save(tr("JSON (*.json)"), asJson(m_rows->rows())); });
    m_save->setMenu(formats);
    m_save->setPopupMode(QToolButton::InstantPopup);
    m_save->setEnabled(false);
    m_plotButton = add(tr("On the timeline"), {});
    m_plotButton->setObjectName(u"sqlPlot"_s);
    m_plotButton->setCheckable(true);
    connect(m_plotButton, &QToolButton::toggled, this, &SqlConsole::updatePlot);
    auto *question = add(tr("Make it a question"), tr("Add the statement to a playbook, as a question of it"));
    question->setObjectName(u"sqlQuestion"_s);
    connect(question, &QToolButton::clicked, this, [this] {
        if (!statement().isEmpty())
            Q_EMIT questionWanted(asQuestion());
    });
    row->addStretch(1);
    return head;
}

void SqlConsole::buildTable()
{
    m_table->setObjectName(u"sqlRows"_s);
    m_table->setModel(m_rows);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setWordWrap(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setAccessibleName(tr("Rows"));
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 8);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setStretchLastSection(true);
    connect(m_table, &QTableView::clicked, this, &SqlConsole::activate);
    connect(m_table, &QTableView::activated, this, &SqlConsole::activate);
}

void SqlConsole::activate(const QModelIndex &index)
{
    const int source = index.data(RowsModel::SourceRole).toInt();
    const qint64 line = index.data(RowsModel::LineRole).toLongLong();
    const QVariant time = index.data(RowsModel::TimeRole);
    const bool isKnown =
        m_analysis.evidence && source >= 0 && std::cmp_less(source, m_analysis.evidence->sources.size());
    if (isKnown && line > 0)
        Q_EMIT lineActivated(source, line);
    else if (time.typeId() == QMetaType::LongLong)
        Q_EMIT timeActivated(TimeNs{time.toLongLong()});
}

void SqlConsole::setAnalysis(const Analysis &analysis)
{
    stop();
    m_analysis = analysis;
    m_failure = -1;
    m_sourceNames = analysis.evidence ? sourceNames(*analysis.evidence) : QStringList();
    m_rows->setRows({}, m_sourceNames); // rows name sources by number: those of another case would be wrong
    m_save->setEnabled(false);
    m_plotButton->setChecked(false);
    updatePlot();
    fillSchema();
}

void SqlConsole::fillSchema()
{
    const QList<SqlTable> tables = sqlTables(m_analysis);
    m_editor->setTables(tables);
    m_schema->clear();
    for (const SqlTable &table : tables) {
        auto *item = new QTreeWidgetItem(m_schema, {table.name});
        for (qsizetype i = 0; i < table.columns.size(); ++i) {
            auto *of = new QTreeWidgetItem(item, {table.columns.at(i), table.types.at(i).toLower()});
            of->setForeground(1, themeColors(palette()).faint);
        }
    }
    m_schema->resizeColumnToContents(0);
}

void SqlConsole::setFailure(int failure)
{
    m_failure = failure;
}

void SqlConsole::setZone(ZoneShown zone)
{
    m_rows->setZone(zone);
}

QString SqlConsole::status() const
{
    return m_status->text();
}

QString SqlConsole::statement() const
{
    QString text = m_editor->textCursor().selectedText();
    text.replace(QChar::ParagraphSeparator, u'\n');
    return (text.trimmed().isEmpty() ? m_editor->toPlainText() : text).trimmed();
}

void SqlConsole::run()
{
    const QString sql = statement();
    if (sql.isEmpty() || !m_analysis.evidence)
        return;
    stop();
    m_history.removeAll(sql);
    m_history.append(sql);
    if (m_history.size() > MostHistory)
        m_history.removeFirst();
    m_historyAt = m_history.size();
    m_editor->setExtraSelections({});
    m_cancel = CancelToken();
    m_run->setText(tr("Stop"));
    m_status->setText(tr("Running…"));
    m_watcher.setFuture(QtConcurrent::run([analysis = m_analysis, failure = m_failure, sql, cancel = m_cancel]() {
        Answer answer;
        QElapsedTimer timer;
        timer.start();
        QueryLimits limits;
        limits.cancel = cancel;
        const auto database = CaseDatabase::open(analysis, limits);
        if (!database) {
            answer.error = database.error();
            return answer;
        }
        std::map<QString, QVariant> bindings;
        if (analysis.findings && failure >= 0 && std::cmp_less(failure, analysis.findings->failures.size())) {
            const Failure &of = analysis.findings->failures[static_cast<size_t>(failure)];
            bindings = makeContext(analysis, **database, of).bindings;
            bindings[u"from"_s] = of.time ? QVariant((of.time->lo - Before).ns) : QVariant();
            bindings[u"to"_s] = of.time ? QVariant((of.time->hi + After).ns) : QVariant();
        }
        auto rows = (*database)->query(sql, bindings);
        if (rows)
            answer.rows = std::move(*rows);
        else
            answer.error = rows.error();
        answer.milliseconds = timer.elapsed();
        return answer;
    }));
    Q_EMIT historyChanged();
}

void SqlConsole::stop()
{
    m_cancel.cancel();
}

void SqlConsole::showAnswer(Answer answer)
{
    m_run->setText(tr("Run"));
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, answer.error ? themeColors(palette()).failure : themeColors(palette()).faint);
    m_status->setPalette(colors);
    if (answer.error) {
        m_rows->setRows({}, m_sourceNames); // those of the statement before would seem to answer this one
        m_save->setEnabled(false);
        updatePlot();
        showError(*answer.error);
        return;
    }
    const auto count = static_cast<qint64>(answer.rows->rows.size());
    const bool isCut = answer.rows->truncated;
    m_rows->setRows(std::move(*answer.rows), m_sourceNames);
    m_save->setEnabled(count > 0);
    updatePlot();
    m_table->resizeColumnsToContents();
    for (int column = 0; column < m_rows->columnCount(); ++column)
        m_table->setColumnWidth(column, std::min(m_table->columnWidth(column) + 8, MostColumnWidth));
    const QString rows = count == 1 ? tr("1 row") : tr("%1 rows").arg(QLocale().toString(count));
    m_status->setText(isCut ? tr("The first %1, in %2; add a condition or LIMIT to see others")
                                  .arg(rows, durationText(answer.milliseconds * NsPerMillisecond))
                            : tr("%1 in %2").arg(rows, durationText(answer.milliseconds * NsPerMillisecond)));
}

/// Rows that are run anew go on the timeline in place of those before, while the button is down.
void SqlConsole::updatePlot()
{
    const auto plot = QueryPlot::of(m_rows->rows(), tr("Query"));
    m_plotButton->setEnabled(plot || m_plotButton->isChecked());
    m_plotButton->setToolTip(
        plot ? tr("Show the rows on the timeline: columns of numbers as lines, rows without numbers as events")
             : tr("Rows with a column of times (time, start, peak …) can be shown on the timeline"));
    const auto wanted = m_plotButton->isChecked() ? plot : nullptr;
    if (!wanted && !m_plot)
        return;
    m_plot = wanted;
    if (m_plot && m_plot->isCut)
        Q_EMIT message(tr("Only the first %1 series are on the timeline").arg(QueryPlot::MostSeries));
    Q_EMIT plotChanged(m_plot);
}

void SqlConsole::showError(const Error &error)
{
    m_status->setText(error.toString());
    const Position &position = error.position;
    // The place counts within the statement, which may be a selected part of the text.
    const qsizetype start = m_editor->toPlainText().indexOf(statement());
    if (position.line <= 0 || start < 0)
        return;
    QTextCursor cursor(m_editor->document());
    cursor.setPosition(static_cast<int>(start));
    const int firstBlock = cursor.blockNumber();
    const int inBlock = position.line == 1 ? cursor.positionInBlock() : 0;
    const QTextBlock block = m_editor->document()->findBlockByNumber(firstBlock + static_cast<int>(position.line) - 1);
    if (!block.isValid())
        return;
    const int column = inBlock + static_cast<int>(std::max<qint64>(position.column, 1)) - 1;
    cursor.setPosition(block.position() + std::min(column, block.length() - 1));
    cursor.movePosition(QTextCursor::EndOfWord, QTextCursor::KeepAnchor);
    QTextEdit::ExtraSelection mark;
    mark.cursor = cursor;
    mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
    mark.format.setUnderlineColor(themeColors(palette()).failure);
    mark.format.setBackground(themeColors(palette()).failureGround);
    m_editor->setExtraSelections({mark});
}

void SqlConsole::setHistory(const QStringList &history)
{
    m_history = history.last(std::min(history.size(), MostHistory));
    m_historyAt = m_history.size();
}

void SqlConsole::step(int by)
{
    const qsizetype to = std::clamp<qsizetype>(m_historyAt + by, 0, m_history.size());
    if (to == m_historyAt)
        return;
    if (m_historyAt == m_history.size())
        m_draft = m_editor->toPlainText();
    m_historyAt = to;
    m_editor->setPlainText(to == m_history.size() ? m_draft : m_history.at(to));
    m_editor->moveCursor(QTextCursor::End);
}

void SqlConsole::save(const QString &filter, const QByteArray &bytes)
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save the rows"), {}, filter);
    if (path.isEmpty())
        return;
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        Q_EMIT message(tr("Saved %1").arg(path));
    else
        Q_EMIT message(tr("%1 could not be written: %2").arg(path, file.errorString()));
}

QString SqlConsole::asQuestion() const
{
    return u"\n## question\n\nWindow: -60s..+5s\nStrength: supports\n\n```sql\n%1\n```\n"_s.arg(statement());
}

} // namespace faultline
