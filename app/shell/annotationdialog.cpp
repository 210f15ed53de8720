// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/annotationdialog.h"

#include "app/settings/theme.h"
#include "charts/tracks/annotationoverlay.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

QString colourTitle(AnnotationColour colour)
{
    switch (colour) {
    case AnnotationColour::Blue: return AnnotationDialog::tr("Blue");
    case AnnotationColour::Green: return AnnotationDialog::tr("Green");
    case AnnotationColour::Yellow: return AnnotationDialog::tr("Yellow");
    case AnnotationColour::Orange: return AnnotationDialog::tr("Orange");
    case AnnotationColour::Red: return AnnotationDialog::tr("Red");
    case AnnotationColour::Purple: return AnnotationDialog::tr("Purple");
    }
    return {};
}

QIcon colourIcon(const QColor &color)
{
    constexpr int Size = 16;
    QPixmap pixmap(QSize(Size, Size) * 2);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(QRectF(2, 2, Size - 4, Size - 4));
    return pixmap;
}

} // namespace

AnnotationDialog::AnnotationDialog(std::vector<AnnotationChoice> choices, const QString &author, QWidget *parent)
    : QDialog(parent)
    , m_choices(std::move(choices))
    , m_place(new QComboBox(this))
    , m_quote(new QLabel(this))
    , m_text(new QPlainTextEdit(this))
    , m_tags(new QLineEdit(this))
    , m_author(new QLineEdit(this))
    , m_colours(new QButtonGroup(this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this))
{
    Q_ASSERT(!m_choices.empty());
    const Annotation &first = m_choices.front().note;
    setObjectName(u"annotationDialog"_s);
    setWindowTitle(first.id > 0 ? tr("Edit note") : tr("New note"));
    m_place->setObjectName(u"notePlace"_s);
    for (const AnnotationChoice &choice : m_choices)
        m_place->addItem(choice.label);
    m_place->setEnabled(m_choices.size() > 1);
    m_quote->setTextFormat(Qt::PlainText);
    m_quote->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_quote->setForegroundRole(QPalette::PlaceholderText);
    m_quote->setWordWrap(true);
    m_quote->setMaximumHeight(m_quote->fontMetrics().lineSpacing() * 4);
    m_text->setObjectName(u"noteText"_s);
    m_text->setPlaceholderText(tr("What happened here? Markdown is fine."));
    m_text->setTabChangesFocus(true);
    m_text->setPlainText(first.text);
    m_text->moveCursor(QTextCursor::End);
    m_text->setMinimumHeight(m_text->fontMetrics().lineSpacing() * 6);
    m_tags->setObjectName(u"noteTags"_s);
    m_tags->setPlaceholderText(tr("separated by commas"));
    m_tags->setText(first.tags.join(u", "_s));
    m_author->setObjectName(u"noteAuthor"_s);
    m_author->setText(first.id > 0 ? first.author : author);
    m_author->setMaxLength(static_cast<int>(Annotation::MostName));

    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setVerticalSpacing(10);
    form->addRow(tr("&On"), m_place);
    form->addRow(QString(), m_quote);
    form->addRow(tr("&Note"), m_text);
    form->addRow(tr("&Tags"), m_tags);
    form->addRow(tr("&Author"), m_author);
    form->addRow(tr("Colour"), colourRow());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(18, 16, 18, 14);
    layout->setSpacing(14);
    layout->addLayout(form);
    layout->addWidget(m_buttons);
    m_text->setFocus();
    showQuote();
    check();
    resize(560, sizeHint().height());

    connect(m_place, &QComboBox::currentIndexChanged, this, &AnnotationDialog::showQuote);
    connect(m_text, &QPlainTextEdit::textChanged, this, &AnnotationDialog::check);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *keep = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), this);
    connect(keep, &QShortcut::activated, this, [this] { m_buttons->button(QDialogButtonBox::Save)->click(); });
    m_buttons->button(QDialogButtonBox::Save)->setToolTip(tr("Ctrl+Enter"));
}

QWidget *AnnotationDialog::colourRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    for (int i = 0; i < AnnotationColourCount; ++i) {
        const auto colour = static_cast<AnnotationColour>(i);
        auto *button = new QToolButton(row);
        button->setIcon(colourIcon(annotationColor(colour, isDark(palette()))));
        button->setCheckable(true);
        button->setAutoRaise(true);
        button->setToolTip(colourTitle(colour));
        button->setAccessibleName(colourTitle(colour));
        m_colours->addButton(button, i);
        layout->addWidget(button);
    }
    layout->addStretch(1);
    m_colours->button(static_cast<int>(m_choices.front().note.colour))->setChecked(true);
    return row;
}

void AnnotationDialog::showQuote()
{
    const QString quote = m_choices[static_cast<size_t>(m_place->currentIndex())].note.quote;
    m_quote->setText(quote);
    m_quote->setVisible(!quote.isEmpty());
}

void AnnotationDialog::check()
{
    const QString text = m_text->toPlainText();
    m_buttons->button(QDialogButtonBox::Save)
        ->setEnabled(!text.trimmed().isEmpty() && text.size() <= Annotation::MostText);
}

Annotation AnnotationDialog::note() const
{
    Annotation note = m_choices[static_cast<size_t>(m_place->currentIndex())].note;
    note.text = m_text->toPlainText().trimmed();
    note.author = m_author->text().trimmed();
    note.tags.clear();
    for (const QString &tag : m_tags->text().split(u',', Qt::SkipEmptyParts))
        if (const QString trimmed = tag.trimmed(); !trimmed.isEmpty() && !note.tags.contains(trimmed))
            note.tags.append(trimmed);
    note.colour = static_cast<AnnotationColour>(std::max(0, m_colours->checkedId()));
    return note;
}

} // namespace faultline
