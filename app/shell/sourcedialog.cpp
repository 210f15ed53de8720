// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/sourcedialog.h"

#include "models/placement/zones.h"

#include <QComboBox>
#include <QCompleter>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTimeZone>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Seconds with a sign, a decimal point or comma; nullopt where it is no number.
std::optional<DurationNs> offsetOf(QString text)
{
    constexpr double MostSeconds = 100.0 * 365 * 86'400;
    bool isNumber = false;
    const double seconds = text.trimmed().replace(u',', u'.').toDouble(&isNumber);
    return isNumber && std::abs(seconds) <= MostSeconds ? std::optional(fromSeconds(seconds)) : std::nullopt;
}

QLabel *plainLabel(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setMinimumWidth(360); // a wrapped text tells a form no width of its own
    return label;
}

} // namespace

SourceDialog::SourceDialog(const SourceEvidence &source, const QString &clock,
                           const std::map<QByteArray, QString> &titles, const SourceOverride &said, QWidget *parent)
    : QDialog(parent)
    , m_format(new QComboBox(this))
    , m_zone(new QComboBox(this))
    , m_offset(new QLineEdit(this))
    , m_problem(plainLabel({}, this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this))
{
    setObjectName(u"sourceDialog"_s);
    setWindowTitle(tr("Format and clock"));
    const auto title = titles.find(source.format);
    const QString format = title == titles.end() ? QString::fromUtf8(source.format) : title->second;

    m_format->setObjectName(u"format"_s);
    m_format->addItem(tr("As recognised"), QByteArray());
    std::vector<std::pair<QString, QByteArray>> sorted;
    for (const auto &[id, name] : titles)
        sorted.emplace_back(name, id);
    std::ranges::sort(sorted);
    for (const auto &[name, id] : sorted)
        m_format->addItem(name, id);
    m_format->setCurrentIndex(std::max(0, m_format->findData(said.format)));

    m_zone->setObjectName(u"zone"_s);
    m_zone->setEditable(true);
    m_zone->addItem(QString());
    m_zone->addItem(u"UTC"_s);
    for (const QByteArray &zone : QTimeZone::availableTimeZoneIds()) {
        if (zone.contains('/'))
            m_zone->addItem(QString::fromLatin1(zone));
    }
    m_zone->completer()->setFilterMode(Qt::MatchContains);
    m_zone->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_zone->lineEdit()->setPlaceholderText(tr("as stated or found; +08:00, Europe/Berlin"));
    m_zone->setEditText(said.clock.zoneOffsetNs ? zoneText(*said.clock.zoneOffsetNs) : said.clock.zone);

    m_offset->setObjectName(u"offset"_s);
    m_offset->setPlaceholderText(tr("as stated or found; +47, -0.5"));
    if (said.clock.offsetNs)
        m_offset->setText(QString::number(toSeconds(*said.clock.offsetNs), 'f', 3));

    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Source"), plainLabel(source.path, this));
    form->addRow(tr("Taken for"), plainLabel(tr("%1: %2").arg(format, source.formatReason), this));
    form->addRow(tr("Clock"), plainLabel(clock, this));
    form->addRow(tr("&Read as"), m_format);
    form->addRow(tr("&Zone of its times"), m_zone);
    form->addRow(tr("&Seconds to add"), m_offset);
    form->setVerticalSpacing(10);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(18, 16, 18, 14);
    layout->setSpacing(14);
    layout->addLayout(form);
    layout->addWidget(m_problem);
    layout->addWidget(m_buttons);
    m_problem->setMinimumHeight(fontMetrics().height()); // its room is there before it is needed
    constexpr int Width = 520;
    ensurePolished();
    layout->activate();
    resize(Width, layout->totalHeightForWidth(Width));

    connect(m_zone, &QComboBox::editTextChanged, this, &SourceDialog::check);
    connect(m_offset, &QLineEdit::textChanged, this, &SourceDialog::check);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void SourceDialog::check()
{
    QString problem;
    if (const QString zone = m_zone->currentText().trimmed(); !zone.isEmpty() && !namedZoneEast(zone))
        problem = tr("“%1” is no zone. Write it as +08:00 or Europe/Berlin.").arg(zone);
    else if (const QString offset = m_offset->text().trimmed(); !offset.isEmpty() && !offsetOf(offset))
        problem = tr("“%1” is no number of seconds. Write it as +47 or -0.5.").arg(offset);
    m_problem->setText(problem);
    m_buttons->button(QDialogButtonBox::Ok)->setEnabled(problem.isEmpty());
}

SourceOverride SourceDialog::said() const
{
    SourceOverride result;
    result.format = m_format->currentData().toByteArray();
    result.clock = zoneOverride(m_zone->currentText().trimmed()); // as the zone stood when the log was written
    result.clock.offsetNs = offsetOf(m_offset->text());
    return result;
}

} // namespace faultline
