// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/markdownedit.h"

#include "app/settings/theme.h"
#include "charts/core/theme.h"

#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/SyntaxHighlighter>
#include <KSyntaxHighlighting/Theme>

#include <QFontDatabase>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QTextBlock>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr double TextMargin = 12;

/// With the colours of its theme, made readable on the ground of the editor: a theme's greys are chosen for its own.
class ReadableHighlighter final : public KSyntaxHighlighting::SyntaxHighlighter
{
public:
    using SyntaxHighlighter::SyntaxHighlighter;

    void setColors(const ThemeColors &colors)
    {
        m_ground = colors.surface;
        m_accent = colors.accent;
    }

protected:
    void highlightBlock(const QString &text) override
    {
        SyntaxHighlighter::highlightBlock(text);
        // A placeholder is one thing, not a link in brackets.
        static const QRegularExpression placeholder(u"\\[\\[[^\\[\\]]*\\]\\]"_s);
        QTextCharFormat format;
        format.setForeground(m_accent);
        for (const QRegularExpressionMatch &match : placeholder.globalMatch(text))
            setFormat(static_cast<int>(match.capturedStart()), static_cast<int>(match.capturedLength()), format);
    }
    void applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format) override
    {
        constexpr double TextRatio = 4.5;
        // ":53:" is the minute of a time.
        static const QRegularExpression number(u"^:\\d+:$"_s);
        if (format.name() == u"Emoji"
            && number.matchView(QStringView(currentBlock().text()).mid(offset, length)).hasMatch()) {
            QTextCharFormat plain;
            plain.setForeground(QColor::fromRgba(theme().textColor(KSyntaxHighlighting::Theme::Normal)));
            setFormat(offset, length, plain);
            return;
        }
        SyntaxHighlighter::applyFormat(offset, length, format);
        for (int at = offset; at < offset + length; ++at) {
            QTextCharFormat made = QSyntaxHighlighter::format(at);
            if (made.foreground().style() == Qt::NoBrush)
                continue;
            made.setForeground(readable(made.foreground().color(), m_ground, TextRatio));
            setFormat(at, 1, made);
        }
    }

private:
    QColor m_ground;
    QColor m_accent;
};

} // namespace

MarkdownEdit::MarkdownEdit(QWidget *parent)
    : QSplitter(Qt::Vertical, parent)
    , m_text(new QPlainTextEdit(this))
    , m_problems(new QListWidget(this))
    , m_repository(std::make_unique<KSyntaxHighlighting::Repository>())
{
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setFrameShape(QFrame::NoFrame);
    // Not a step that can be undone, or the text would count as changed from the beginning.
    m_text->setUndoRedoEnabled(false);
    m_text->document()->setDocumentMargin(TextMargin);
    m_text->setUndoRedoEnabled(true);
    m_text->document()->setModified(false);
    m_text->setAccessibleName(tr("Text of the page"));
    m_problems->setFrameShape(QFrame::NoFrame);
    m_problems->setWordWrap(true);
    m_problems->setAccessibleName(tr("Problems"));
    setChildrenCollapsible(false);
    setStretchFactor(0, 4);
    setStretchFactor(1, 1);
    setSizes({640, 120});
    m_highlighter = new ReadableHighlighter(m_text->document());
    m_highlighter->setDefinition(m_repository->definitionForName(u"Markdown"_s));
    setDark(false);
    connect(m_problems, &QListWidget::itemActivated, this,
            [this](QListWidgetItem *item) { goToProblem(m_problems->row(item)); });
    connect(m_problems, &QListWidget::itemClicked, this,
            [this](QListWidgetItem *item) { goToProblem(m_problems->row(item)); });
}

MarkdownEdit::~MarkdownEdit() = default;

void MarkdownEdit::setDark(bool dark)
{
    m_isDark = dark;
    auto chosen = m_repository->theme(dark ? u"GitHub Dark"_s : u"GitHub Light"_s);
    if (!chosen.isValid())
        chosen = m_repository->defaultTheme(dark ? KSyntaxHighlighting::Repository::DarkTheme
                                                 : KSyntaxHighlighting::Repository::LightTheme);
    static_cast<ReadableHighlighter *>(m_highlighter)->setColors(themeColors(dark));
    m_highlighter->setTheme(chosen);
    m_highlighter->rehighlight();
}

void MarkdownEdit::setProblems(const std::vector<Error> &problems)
{
    m_problems->clear();
    QList<QTextEdit::ExtraSelection> marks;
    for (const Error &problem : problems) {
        const qint64 line = problem.position.line;
        QString text = line > 0 ? tr("Line %1: %2").arg(line).arg(problem.message) : problem.message;
        if (!problem.hint.isEmpty())
            text += u". "_s % problem.hint;
        auto *item = new QListWidgetItem(text, m_problems);
        item->setData(Qt::UserRole, line);
        item->setData(Qt::UserRole + 1, problem.position.column);
        const QTextBlock block = m_text->document()->findBlockByNumber(static_cast<int>(line) - 1);
        if (line <= 0 || !block.isValid())
            continue;
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(block);
        mark.cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(themeColors(m_isDark).failure);
        mark.format.setToolTip(text);
        QColor tint = themeColors(m_isDark).failure;
        tint.setAlpha(28);
        mark.format.setBackground(tint);
        mark.format.setProperty(QTextFormat::FullWidthSelection, true);
        marks.append(mark);
    }
    m_text->setExtraSelections(marks);
    m_problems->setVisible(!problems.empty());
}

QString MarkdownEdit::countText(size_t problems)
{
    return problems == 1 ? tr("1 problem") : tr("%L1 problems").arg(problems);
}

void MarkdownEdit::goToProblem(int row)
{
    const QListWidgetItem *item = m_problems->item(row);
    const QTextBlock block = m_text->document()->findBlockByNumber(item->data(Qt::UserRole).toInt() - 1);
    if (!block.isValid())
        return;
    QTextCursor cursor(block);
    const int column = std::clamp(item->data(Qt::UserRole + 1).toInt() - 1, 0, block.length() - 1);
    cursor.movePosition(QTextCursor::Right, QTextCursor::MoveAnchor, column);
    m_text->setTextCursor(cursor);
    m_text->setFocus();
}

} // namespace faultline
