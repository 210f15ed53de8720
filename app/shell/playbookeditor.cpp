// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/playbookeditor.h"

#include "app/shell/markdownedit.h"
#include "charts/flow/flowview.h"

#include <QCloseEvent>
#include <QComboBox>
#include <QDir>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSaveFile>
#include <QSplitter>
#include <QVBoxLayout>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int SettleMs = 350;
constexpr qint64 MostFileBytes = 4 << 20;
const QString ShippedPlaybooks = u":/faultline/playbooks"_s;
const QString ShippedCauses = u":/faultline/causes"_s;

const QString Template = QStringLiteral(R"(# What went wrong

Starts when

```sql
SELECT source, line FROM failures WHERE id = :failure AND exit_code = 1
```

```mermaid
flowchart TD
    start([It failed]) --> asked{Does the log say so?}
    asked -->|yes| build.compile_error[The build says so]
    asked -->|no| kill.unknown_sender[Nobody knows]
```

## asked

Window: -60s..+5s
Absence counts from: the failing log
Find out with: `journalctl -b`

```sql
SELECT source, line, time, text FROM events
WHERE role = 'cause' AND source = :source AND line <= :line
```
)");

} // namespace

PlaybookEditor::PlaybookEditor(const QString &folder, QWidget *parent)
    : QWidget(parent, Qt::Window)
    , m_folder(folder)
{
    setObjectName(u"playbookEditor"_s);
    setWindowTitle(tr("Playbooks[*]"));
    resize(1280, 800);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHead());
    auto *across = new QSplitter(Qt::Horizontal, this);
    m_edit = new MarkdownEdit(across);
    text()->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_preview = new FlowView(across);
    across->setChildrenCollapsible(false);
    across->setStretchFactor(0, 1);
    across->setStretchFactor(1, 1);
    across->setSizes({640, 640});
    column->addWidget(across, 1);
    m_later.setSingleShot(true);
    m_later.setInterval(SettleMs);
    connect(&m_later, &QTimer::timeout, this, &PlaybookEditor::check);
    connect(text(), &QPlainTextEdit::textChanged, &m_later, qOverload<>(&QTimer::start));
    connect(text()->document(), &QTextDocument::modificationChanged, this, &QWidget::setWindowModified);
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] {
        if (!m_watcher.future().isCanceled() && !m_cancel.isCancelled())
            showPreview(m_watcher.result());
    });
    refreshPages();
}

PlaybookEditor::~PlaybookEditor()
{
    m_cancel.cancel();
    m_watcher.disconnect(this);
    m_watcher.waitForFinished();
}

QWidget *PlaybookEditor::buildHead()
{
    auto *head = new QWidget(this);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(10, 8, 10, 8);
    m_pages = new QComboBox(head);
    m_pages->setAccessibleName(tr("Page"));
    m_pages->setMinimumContentsLength(28);
    row->addWidget(m_pages);
    auto *make = new QPushButton(tr("New…"), head);
    row->addWidget(make);
    auto *write = new QPushButton(tr("Save"), head);
    write->setObjectName(u"savePage"_s);
    write->setShortcut(QKeySequence::Save);
    row->addWidget(write);
    m_status = new QLabel(head);
    m_status->setTextFormat(Qt::PlainText);
    m_status->setForegroundRole(QPalette::PlaceholderText);
    m_status->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(m_status, 1);
    connect(m_pages, &QComboBox::activated, this, [this] {
        if (mayDiscard())
            openFile(m_pages->currentData().toString());
        else
            refreshPages();
    });
    connect(make, &QPushButton::clicked, this, &PlaybookEditor::newPage);
    connect(write, &QPushButton::clicked, this, &PlaybookEditor::save);
    return head;
}

void PlaybookEditor::refreshPages()
{
    m_pages->clear();
    const auto add = [this](const QString &folder, const QString &kind, const QString &shipped) {
        const QDir own(folder % u'/' % kind);
        const QStringList ownNames = own.entryList({u"*.md"_s}, QDir::Files, QDir::Name);
        for (const QString &name : ownNames)
            m_pages->addItem(tr("%1 (yours)").arg(name), own.filePath(name));
        for (const QString &name : QDir(shipped).entryList({u"*.md"_s}, QDir::Files, QDir::Name)) {
            if (!ownNames.contains(name) && name != u"README.md")
                m_pages->addItem(name, QString(shipped % u'/' % name));
        }
    };
    add(m_folder, u"playbooks"_s, ShippedPlaybooks);
    m_pages->insertSeparator(m_pages->count());
    add(m_folder, u"causes"_s, ShippedCauses);
    for (int i = 0; i < m_pages->count(); ++i) {
        if (!m_name.isEmpty() && m_pages->itemData(i).toString().endsWith(u'/' + m_name))
            m_pages->setCurrentIndex(i);
    }
}

void PlaybookEditor::openPage(const QString &name)
{
    for (int i = 0; i < m_pages->count(); ++i) {
        const QString path = m_pages->itemData(i).toString();
        if (path.section(u'/', -1) == name && mayDiscard()) {
            m_pages->setCurrentIndex(i);
            openFile(path);
            return;
        }
    }
}

void PlaybookEditor::openFile(const QString &path)
{
    QFile file(path);
    if (path.isEmpty() || file.size() > MostFileBytes || !file.open(QIODevice::ReadOnly)) {
        m_status->setText(tr("The page cannot be read: %1").arg(file.errorString()));
        return;
    }
    m_name = path.section(u'/', -1);
    text()->setPlainText(QString::fromUtf8(file.readAll()));
    text()->document()->setModified(false);
    setWindowTitle(tr("%1[*] \u2013 Playbooks").arg(m_name));
}

void PlaybookEditor::newPage()
{
    if (!mayDiscard())
        return;
    bool isChosen = false;
    const QString name = QInputDialog::getText(this, tr("New playbook"), tr("Its name, as my-playbook:"),
                                               QLineEdit::Normal, {}, &isChosen);
    static const QRegularExpression form(u"\\A[a-z0-9][a-z0-9_.-]*\\z"_s);
    if (!isChosen)
        return;
    if (!form.match(name).hasMatch()) {
        m_status->setText(tr("A name has small letters, digits, '-', '_' and '.' only"));
        return;
    }
    m_name = name.endsWith(u".md"_s) ? name : QString(name % u".md");
    text()->setPlainText(Template);
    text()->document()->setModified(true);
    setWindowTitle(tr("%1[*] \u2013 Playbooks").arg(m_name));
}

bool PlaybookEditor::isModified() const
{
    return text()->document()->isModified();
}

QString PlaybookEditor::status() const
{
    return m_status->text();
}

QString PlaybookEditor::path() const
{
    const bool isPlaybook = text()->toPlainText().contains(u"```mermaid"_s);
    return m_folder % (isPlaybook ? u"/playbooks/"_s : u"/causes/"_s) % m_name;
}

bool PlaybookEditor::save()
{
    if (m_name.isEmpty() || m_folder.isEmpty())
        return false;
    const QString file = path();
    QDir().mkpath(QFileInfo(file).path());
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(text()->toPlainText().toUtf8()) < 0 || !out.commit()) {
        m_status->setText(tr("The page cannot be saved: %1").arg(out.errorString()));
        return false;
    }
    text()->document()->setModified(false);
    m_status->setText(tr("Saved: %1").arg(file));
    refreshPages();
    Q_EMIT saved(file);
    return true;
}

bool PlaybookEditor::mayDiscard()
{
    if (!isModified())
        return true;
    const auto choice = QMessageBox::question(this, tr("Playbooks"), tr("Save the changes to %1?").arg(m_name),
                                              QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
    return choice == QMessageBox::Discard || (choice == QMessageBox::Save && save());
}

void PlaybookEditor::closeEvent(QCloseEvent *event)
{
    event->setAccepted(mayDiscard());
}

void PlaybookEditor::setCase(const Analysis &analysis, int failure, const HandAnswers &answers)
{
    m_analysis = analysis;
    m_failure = failure;
    m_answers = answers;
    m_later.start();
}

void PlaybookEditor::setDark(bool dark)
{
    m_edit->setDark(dark);
}

QPlainTextEdit *PlaybookEditor::text() const
{
    return m_edit->text();
}

QListWidget *PlaybookEditor::problems() const
{
    return m_edit->problems();
}

/// In a worker: the last text counts, what runs for an older one is cancelled.
void PlaybookEditor::check()
{
    if (m_name.isEmpty())
        return;
    m_cancel.cancel();
    m_cancel = CancelToken();
    m_watcher.setFuture(
        QtConcurrent::run([text = text()->toPlainText().toUtf8(), file = path(), folder = m_folder,
                           analysis = m_analysis, failure = m_failure, answers = m_answers, cancel = m_cancel] {
            std::vector<Error> others; // told where those are opened
            const PlaybookSet set = loadPlaybooks(QDir(folder).exists() ? QStringList{folder} : QStringList(), others);
            return previewPlaybook(text, file, set, analysis, failure, answers, cancel);
        }));
}

void PlaybookEditor::showPreview(const PlaybookPreview &preview)
{
    m_edit->setProblems(preview.problems);
    if (!preview.chart.nodes.empty())
        m_preview->setFlowchart(preview.chart);
    m_status->setText(!preview.problems.empty()     ? MarkdownEdit::countText(preview.problems.size())
                      : preview.chart.nodes.empty() ? tr("No problems")
                      : preview.isWalked            ? tr("No problems. Walked on the open case")
                      : m_failure >= 0              ? tr("No problems. It does not start for this failure")
                                                    : tr("No problems. Open a case to see it walked"));
}

} // namespace faultline
