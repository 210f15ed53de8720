// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>
#include <QList>

namespace faultline {

/// Lays widgets side by side and goes on in the next row where the width ends.
class WrappingLayout final : public QLayout
{
    Q_OBJECT

public:
    WrappingLayout(QWidget *parent, int spacing);
    ~WrappingLayout() override;

    /// Deletes all widgets in it.
    void clear();

    void addItem(QLayoutItem *item) override;
    int count() const override;
    QLayoutItem *itemAt(int index) const override;
    QLayoutItem *takeAt(int index) override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return minimumSize(); }
    QSize minimumSize() const override;
    void setGeometry(const QRect &rect) override;

private:
    int arrange(const QRect &rect, bool apply) const;

    QList<QLayoutItem *> m_items;
};

} // namespace faultline
