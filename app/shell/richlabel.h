// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace faultline {

/// Markdown text that wraps, can be selected, and opens web links only.
class RichLabel final : public QLabel
{
    Q_OBJECT

public:
    explicit RichLabel(QWidget *parent = nullptr);
    void setMarkdown(const QString &markdown);
    void setPlain(const QString &text);
};

} // namespace faultline
