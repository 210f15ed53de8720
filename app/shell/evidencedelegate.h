// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace faultline {

/// An evidence row: its place and time above, what stands there below, a mark for what it speaks for.
class EvidenceDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    static constexpr int MostTextLines = 3;

    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace faultline
