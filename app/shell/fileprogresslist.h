// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/casecontroller.h"

#include <QWidget>

namespace faultline {

/// The files being read, each with how far it is; those that are done are counted.
class FileProgressList final : public QWidget
{
    Q_OBJECT

public:
    static constexpr int MostRows = 6;

    explicit FileProgressList(QWidget *parent = nullptr);
    void setFiles(const QList<FileProgress> &files);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int rowHeight() const { return fontMetrics().height() + 8; }

    QList<FileProgress> m_shown; ///< Not done yet first.
    qsizetype m_done = 0;
};

} // namespace faultline
