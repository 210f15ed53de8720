// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/linewindow.h"

#include "models/views/texts.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QJsonDocument>
#include <QLabel>
#include <QLocale>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QSpinBox>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace faultline {

LineWindow::LineWindow(std::shared_ptr<const SourceEvidence> source, qint64 line, const QString &name, QWidget *parent)
    : QDialog(parent)
    , m_source(std::move(source))
    , m_line(m_source->text->line(line))
    , m_text(new QPlainTextEdit(this))
{
    setObjectName(u"lineWindow"_s);
    setWindowTitle(tr("%1, line %2").arg(name, QLocale().toString(line)));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(900, 560);
    auto *column = new QVBoxLayout(this);
    auto *head = new QHBoxLayout;
    head->addWidget(new QLabel(tr("%1 in all").arg(QLocale().formattedDataSize(m_line.fullLength)), this));
    head->addStretch(1);
    if (partCount() > 1) {
        head->addWidget(new QLabel(tr("Part"), this));
        m_part = new QSpinBox(this);
        m_part->setRange(1, partCount());
        m_part->setSuffix(tr(" of %1").arg(partCount()));
        m_part->setAccessibleName(tr("Part of the line"));
        connect(m_part, &QSpinBox::valueChanged, this, &LineWindow::showPart);
        head->addWidget(m_part);
    }
    if (const QString json = prettyJson(); !json.isEmpty()) {
        auto *pretty = new QCheckBox(tr("JSON laid out"), this);
        pretty->setObjectName(u"prettyJson"_s);
        connect(pretty, &QCheckBox::toggled, this, [this, json](bool on) {
            if (on)
                m_text->setPlainText(json);
            else
                showPart(m_part ? m_part->value() : 1);
        });
        head->addWidget(pretty);
    }
    column->addLayout(head);
    m_text->setReadOnly(true);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setAccessibleName(tr("Text of the line"));
    column->addWidget(m_text, 1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons->addButton(tr("Save the line…"), QDialogButtonBox::ActionRole), &QPushButton::clicked, this,
            &LineWindow::save);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
    showPart(1);
}

int LineWindow::partCount() const
{
    return static_cast<int>(std::max<qint64>(1, (m_line.fullLength + PartBytes - 1) / PartBytes));
}

void LineWindow::showPart(int part)
{
    const qint64 from = (part - 1) * PartBytes;
    const auto bytes =
        m_source->text->bytes().bytes(m_line.byteOffset + from, std::min(PartBytes, m_line.fullLength - from));
    if (!bytes) {
        m_text->setPlainText(bytes.error().toString());
        return;
    }
    const QByteArray text =
        withoutTerminalControl(std::string_view(bytes->constData(), static_cast<size_t>(bytes->size())));
    m_text->setPlainText(shownText(text, text.size() + 1));
}

QString LineWindow::prettyJson() const
{
    if (m_line.fullLength > MostJsonBytes)
        return {};
    const auto bytes = m_source->text->bytes().bytes(m_line.byteOffset, m_line.fullLength);
    if (!bytes)
        return {};
    const DecodedLine decoded = m_source->decoder->decode(
        std::string_view(bytes->constData(), static_cast<size_t>(bytes->size())), m_line.byteOffset);
    // The payload first; a line that is JSON as a whole has none of its own in it.
    for (const QByteArray &text : {withoutTerminalControl(decoded.payload),
                                   withoutTerminalControl({bytes->constData(), size_t(bytes->size())})}) {
        for (const char bracket : {'{', '['}) {
            const qsizetype start = text.indexOf(bracket);
            const qsizetype end = text.lastIndexOf(bracket == '{' ? '}' : ']');
            if (start < 0 || end <= start)
                continue;
            const auto document = QJsonDocument::fromJson(text.sliced(start, end - start + 1));
            if (document.isNull())
                continue;
            QStringList lines;
            for (const QByteArray &line : document.toJson(QJsonDocument::Indented).trimmed().split('\n'))
                lines.append(shownText(line, MostJsonBytes));
            return lines.join(u'\n');
        }
    }
    return {};
}

QString LineWindow::shown() const
{
    return m_text->toPlainText();
}

void LineWindow::save()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save the line"), u"line.txt"_s);
    if (path.isEmpty())
        return;
    QSaveFile file(path);
    bool isWritten = file.open(QIODevice::WriteOnly);
    constexpr qint64 Step = 4 * 1024 * 1024;
    for (qint64 at = 0; isWritten && at < m_line.fullLength; at += Step) {
        const auto bytes =
            m_source->text->bytes().bytes(m_line.byteOffset + at, std::min(Step, m_line.fullLength - at));
        isWritten = bytes && file.write(*bytes) == bytes->size();
    }
    if (!isWritten || !file.commit())
        QMessageBox::warning(this, windowTitle(), tr("%1 could not be written: %2").arg(path, file.errorString()));
}

} // namespace faultline
