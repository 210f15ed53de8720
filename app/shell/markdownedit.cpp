// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/markdownedit.h"

#include "app/settings/theme.h"

#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/SyntaxHighlighter>
#include <KSyntaxHighlighting/Theme>

#include <QFontDatabase>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QTextBlock>

using namespace Qt::StringLiterals;

namespace faultline {

MarkdownEdit::MarkdownEdit(QWidget *parent)
    : QSplitter(Qt::Vertical, parent)
    , m_text(new QPlainTextEdit(this))
    , m_problems(new QListWidget(this))
    , m_repository(std::make_unique<KSyntaxHighlighting::Repository>())
{
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setAccessibleName(tr("Text of the page"));
    m_problems->setFrameShape(QFrame::NoFrame);
    m_problems->setWordWrap(true);
    m_problems->setAccessibleName(tr("Problems"));
    setChildrenCollapsible(false);
    setStretchFactor(0, 4);
    setStretchFactor(1, 1);
    setSizes({640, 120});
    m_highlighter = new KSyntaxHighlighting::SyntaxHighlighter(m_text->document());
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
