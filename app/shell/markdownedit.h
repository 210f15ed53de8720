// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QSplitter>

class QListWidget;
class QPlainTextEdit;

namespace KSyntaxHighlighting {
class Repository;
class SyntaxHighlighter;
} // namespace KSyntaxHighlighting

namespace faultline {

/// Markdown being written, highlighted, with what is wrong with it: marked at its line, and in a list below that leads there.
class MarkdownEdit final : public QSplitter
{
    Q_OBJECT

public:
    explicit MarkdownEdit(QWidget *parent = nullptr);
    ~MarkdownEdit() override;

    QPlainTextEdit *text() const { return m_text; }
    /// One item for each problem; Qt::UserRole is its line.
    QListWidget *problems() const { return m_problems; }
    void setProblems(const std::vector<Error> &problems);
    void setDark(bool dark);
    /// "1 problem", "3 problems"
    static QString countText(size_t problems);

private:
    void goToProblem(int row);

    QPlainTextEdit *m_text;
    QListWidget *m_problems;
    std::unique_ptr<KSyntaxHighlighting::Repository> m_repository;
    KSyntaxHighlighting::SyntaxHighlighter *m_highlighter;
    bool m_isDark = false;
};

} // namespace faultline
