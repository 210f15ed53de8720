// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/sharedialog.h"

#include "app/pages/pictures.h"
#include "app/shell/redactionmodel.h"
#include "models/redaction/redactedanalysis.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int SettleMs = 200;

QString formatTitle(ReportFormat format)
{
    switch (format) {
    case ReportFormat::Text: return ShareDialog::tr("Plain text");
    case ReportFormat::Json: return ShareDialog::tr("JSON: the whole analysis");
    case ReportFormat::Csv: return ShareDialog::tr("CSV: the annotated timeline");
    case ReportFormat::Markdown: return ShareDialog::tr("Markdown");
    case ReportFormat::Html: return ShareDialog::tr("HTML: one page with pictures");
    case ReportFormat::Pdf: return ShareDialog::tr("PDF");
    }
    return {};
}

} // namespace

ShareDialog::ShareDialog(const Analysis &analysis, const CaseEdits &edits, const SavedView &view,
                         std::vector<TemplateFile> templates, const QStringList &patterns, QWidget *parent)
    : QDialog(parent)
    , m_analysis(analysis)
    , m_edits(edits)
    , m_view(view)
    , m_patterns(patterns)
    , m_model(new RedactionModel(this))
{
    setObjectName(u"shareDialog"_s);
    setWindowTitle(tr("Share the report"));
    resize(1040, 720);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(18, 16, 18, 14);
    column->setSpacing(10);
    column->addWidget(buildWhat(std::move(templates)));
    column->addWidget(buildGroups());
    m_found = new QTreeView(this);
    m_found->setObjectName(u"redactionView"_s);
    m_found->setModel(m_model);
    m_found->setUniformRowHeights(true);
    m_found->setTextElideMode(Qt::ElideRight);
    m_found->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_found->header()->setHighlightSections(false);
    m_found->setAccessibleName(tr("What was found"));
    m_found->setColumnWidth(RedactionModel::FoundColumn, width() * 42 / 100);
    m_found->setColumnWidth(RedactionModel::BecomesColumn, width() * 36 / 100);
    column->addWidget(m_found, 1);
    column->addWidget(buildPattern());
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_export = buttons->addButton(tr("Export…"), QDialogButtonBox::AcceptRole);
    m_export->setObjectName(u"exportButton"_s);
    m_export->setDefault(true);
    column->addWidget(buttons);

    m_later.setSingleShot(true);
    m_later.setInterval(SettleMs);
    connect(&m_later, &QTimer::timeout, this, &ShareDialog::look);
    connect(m_model, &RedactionModel::choicesChanged, this, &ShareDialog::lookLater);
    connect(&m_looking, &QFutureWatcherBase::finished, this, &ShareDialog::showFound);
    connect(&m_writing, &QFutureWatcherBase::finished, this, [this] {
        updateButtons();
        const Result<Written> result = m_writing.result();
        if (result)
            Q_EMIT shared(result->files, result->leftOut);
        else
            Q_EMIT failed(result.error());
    });
    connect(m_export, &QPushButton::clicked, this, &ShareDialog::chooseFile);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    m_model->setRules(rulesNow());
    look();
}

ShareDialog::~ShareDialog()
{
    m_cancel.cancel();
    m_writeCancel.cancel();
    m_looking.disconnect(this);
    m_looking.waitForFinished();
    m_writing.disconnect(this);
    m_writing.waitForFinished();
}

QWidget *ShareDialog::buildWhat(std::vector<TemplateFile> templates)
{
    auto *box = new QWidget(this);
    auto *row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    const auto add = [&](const QString &label, const QString &name) {
        auto *text = new QLabel(label, box);
        auto *choice = new QComboBox(box);
        choice->setObjectName(name);
        choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        text->setBuddy(choice);
        row->addWidget(text);
        row->addWidget(choice);
        row->addSpacing(10);
        return choice;
    };
    m_what = add(tr("&Share"), u"shareWhat"_s);
    m_what->addItem(tr("The report"), u"report"_s);
    if (!m_analysis.postmortem.trimmed().isEmpty())
        m_what->addItem(tr("The postmortem"), u"postmortem"_s);
    m_what->addItem(tr("The case with its files"), u"case"_s);
    m_format = add(tr("&as"), u"shareFormat"_s);
    m_template = add(tr("&Template"), u"shareTemplate"_s);
    m_template->addItem(tr("Faultline's own"), QString());
    for (const TemplateFile &file : templates)
        m_template->addItem(file.title, file.path);
    row->addStretch(1);
    fillFormats();
    connect(m_what, &QComboBox::currentIndexChanged, this, &ShareDialog::fillFormats);
    connect(m_format, &QComboBox::currentIndexChanged, this, &ShareDialog::updateButtons);
    return box;
}

QWidget *ShareDialog::buildGroups()
{
    auto *box = new QWidget(this);
    auto *row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    m_summary = new QLabel(box);
    m_summary->setObjectName(u"shareSummary"_s);
    row->addWidget(m_summary, 1);
    m_progress = new QProgressBar(box);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(90);
    m_progress->setMaximumHeight(8);
    row->addWidget(m_progress);
    row->addSpacing(10);
    const auto add = [&](const QString &text, bool secrets) {
        auto *check = new QCheckBox(text, box);
        check->setTristate(true);
        row->addWidget(check);
        connect(check, &QCheckBox::clicked, this,
                [this, secrets] { m_model->setGroup(secrets, m_model->group(secrets) != Qt::Checked); });
        return check;
    };
    m_secrets = add(tr("All s&ecrets"), true);
    m_secrets->setObjectName(u"shareSecrets"_s);
    m_names = add(tr("All &names"), false);
    m_names->setObjectName(u"shareNames"_s);
    return box;
}

QWidget *ShareDialog::buildPattern()
{
    auto *box = new QWidget(this);
    auto *grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    auto *label = new QLabel(tr("Take out &what matches"), box);
    m_pattern = new QLineEdit(box);
    m_pattern->setObjectName(u"sharePattern"_s);
    m_pattern->setPlaceholderText(tr("a regular expression, as customer-\\d+"));
    m_pattern->setClearButtonEnabled(true);
    label->setBuddy(m_pattern);
    auto *more = new QPushButton(tr("&Add"), box);
    more->setObjectName(u"shareAddPattern"_s);
    more->setAutoDefault(false);
    m_problem = new QLabel(box);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setObjectName(u"sharePatternProblem"_s);
    grid->addWidget(label, 0, 0);
    grid->addWidget(m_pattern, 0, 1);
    grid->addWidget(more, 0, 2);
    grid->addWidget(m_problem, 1, 1);
    m_problem->hide();
    connect(more, &QPushButton::clicked, this, &ShareDialog::addPattern);
    return box;
}

void ShareDialog::addPattern()
{
    const QString pattern = m_pattern->text();
    if (pattern.isEmpty())
        return;
    const auto rules = Redactor::chosenRules({}, {pattern});
    m_problem->setText(rules ? QString() : rules.error().message);
    m_problem->setVisible(!rules);
    if (!rules || m_patterns.contains(pattern))
        return;
    m_patterns.append(pattern);
    m_pattern->clear();
    std::vector<RedactionRule> all = m_model->rules();
    all.insert(all.end(), rules->begin(), rules->end());
    m_model->setRules(std::move(all));
    Q_EMIT patternsChanged(m_patterns);
    look();
}

/// Secrets are on, names are off.
std::vector<RedactionRule> ShareDialog::rulesNow() const
{
    std::vector<RedactionRule> rules = Redactor::shippedRules();
    for (RedactionRule &rule : rules)
        rule.isOn = rule.isSecret;
    for (const QString &pattern : m_patterns)
        if (const auto own = Redactor::chosenRules({}, {pattern}))
            rules.insert(rules.end(), own->begin(), own->end());
    return rules;
}

void ShareDialog::lookLater()
{
    m_isCurrent = false;
    updateButtons();
    m_later.start();
}

void ShareDialog::look()
{
    m_isCurrent = false;
    m_cancel.cancel();
    m_cancel = CancelToken();
    updateButtons();
    m_looking.setFuture(
        QtConcurrent::run([analysis = m_analysis, rules = m_model->rules(), kept = m_model->kept(), cancel = m_cancel] {
            Redactor redactor(rules, kept);
            Found found;
            found.redacted = redactedAnalysis(analysis, redactor, cancel);
            found.hits = redactor.hitsByRule();
            return found;
        }));
}

void ShareDialog::showFound()
{
    if (m_cancel.isCancelled() || m_later.isActive() || m_looking.future().isCanceled())
        return;
    Found found = m_looking.result();
    m_redacted = std::move(found.redacted);
    m_model->setHits(std::move(found.hits));
    m_isCurrent = true;
    // What found nothing is not to be looked at.
    constexpr int MostOpen = 20;
    for (int rule = 0; rule < m_model->rowCount(); ++rule) {
        const QModelIndex index = m_model->index(rule, 0);
        const int values = m_model->rowCount(index);
        m_found->setRowHidden(rule, {}, values == 0);
        if (!m_model->rules()[static_cast<size_t>(rule)].isOn || values > MostOpen)
            continue;
        m_found->expand(index);
        if (values == 1)
            m_found->expand(m_model->index(0, 0, index));
    }
    updateButtons();
    Q_EMIT ready();
}

void ShareDialog::fillFormats()
{
    const QSignalBlocker quiet(m_format);
    m_format->clear();
    if (isCase())
        m_format->addItem(tr("Faultline case, text files only"));
    m_format->setEnabled(!isCase());
    for (const ReportFormat format : {ReportFormat::Html, ReportFormat::Pdf, ReportFormat::Markdown, ReportFormat::Json,
                                      ReportFormat::Csv, ReportFormat::Text})
        if (!isCase() && (!isPostmortem() || isPostmortemFormat(format)))
            m_format->addItem(formatTitle(format), static_cast<int>(format));
    updateButtons();
}

void ShareDialog::setPostmortem()
{
    if (const int index = m_what->findData(u"postmortem"_s); index >= 0)
        m_what->setCurrentIndex(index);
}

void ShareDialog::updateButtons()
{
    if (!m_export)
        return;
    const bool isBusy = !m_isCurrent || m_writing.isRunning();
    m_export->setEnabled(!isBusy);
    m_progress->setVisible(isBusy);
    const auto format = static_cast<ReportFormat>(m_format->currentData().toInt());
    m_template->setEnabled(format == ReportFormat::Html && !isPostmortem() && !isCase() && m_template->count() > 1);
    m_secrets->setCheckState(m_model->group(true));
    m_names->setCheckState(m_model->group(false));
    const auto [values, places] = m_model->replaced();
    m_summary->setText(!m_isCurrent ? tr("Looking for what should not leave…")
                       : values == 0
                           ? tr("Nothing is replaced.")
                           : tr("%1 replaced in %2, the same wherever it stands.")
                                 .arg(RedactionModel::valuesText(values), RedactionModel::placesText(places)));
}

bool ShareDialog::isPostmortem() const
{
    return m_what->currentData() == u"postmortem"_s;
}

bool ShareDialog::isCase() const
{
    return m_what->currentData() == u"case"_s;
}

QString ShareDialog::suffix() const
{
    return isCase() ? QString(CaseSuffix)
                    : reportFormatSuffix(static_cast<ReportFormat>(m_format->currentData().toInt()));
}

void ShareDialog::chooseFile()
{
    const QString title = m_format->currentText().section(u':', 0, 0);
    QString file = QFileDialog::getSaveFileName(this, tr("Export"), m_what->currentData().toString() + u'.' + suffix(),
                                                u"%1 (*.%2)"_s.arg(title, suffix()));
    if (file.isEmpty())
        return;
    if (QFileInfo(file).suffix().isEmpty())
        file += u'.' + suffix();
    exportTo(file);
}

void ShareDialog::exportTo(const QString &file)
{
    if (!m_isCurrent || m_writing.isRunning())
        return;
    if (isCase()) {
        m_writing.setFuture(QtConcurrent::run(
            [file, wanted = RedactedCase{m_analysis, m_edits, m_view, m_model->rules(), m_model->kept()},
             cancel = m_writeCancel] {
                return saveRedactedCase(file, wanted, cancel).transform([&file](const QStringList &leftOut) {
                    return Written{{file}, leftOut};
                });
            }));
        return updateButtons();
    }
    ShareRequest request;
    request.analysis = m_redacted;
    request.isPostmortem = isPostmortem();
    request.format = static_cast<ReportFormat>(m_format->currentData().toInt());
    if (m_template->isEnabled())
        request.templatePath = m_template->currentData().toString();
    request.file = file;
    if (needsPictures(request))
        request.pictures = reportPictures(request.analysis);
    m_writing.setFuture(QtConcurrent::run(
        [request] { return share(request).transform([](const QStringList &files) { return Written{files, {}}; }); }));
    updateButtons();
}

} // namespace faultline
