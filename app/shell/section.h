// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QToolButton;
class QVBoxLayout;

namespace faultline {

/// A titled part of a panel that can be folded.
class Section final : public QWidget
{
    Q_OBJECT

public:
    explicit Section(const QString &title, QWidget *parent = nullptr);

    void setTitle(const QString &title);
    void setOpen(bool open);
    bool isOpen() const;
    QWidget *content() const { return m_content; }
    QVBoxLayout *contentLayout() const { return m_layout; }
    /// Deletes what stands in it.
    void clear();

private:
    QToolButton *m_head;
    QWidget *m_content;
    QVBoxLayout *m_layout;
};

} // namespace faultline
