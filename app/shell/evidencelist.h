// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/views/evidencemodel.h"

#include <QListView>

namespace faultline {

/// Evidence rows as high as they need to be, for use inside a scrolling panel. A click or Enter goes to a row's place.
class EvidenceList final : public QListView
{
    Q_OBJECT

public:
    explicit EvidenceList(QWidget *parent = nullptr);

    void setRows(const Analysis &analysis, std::vector<EvidenceRef> rows, std::vector<EvidenceRef> against = {});
    void setZone(ZoneShown zone);
    /// Marks the row that cites a line, if any; emits no signal.
    void showPlace(int source, qint64 line);
    EvidenceModel *evidence() const { return m_model; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void evidenceActivated(const faultline::EvidenceRef &ref);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    void fitHeight();
    void activate(const QModelIndex &index);

    EvidenceModel *m_model;
};

} // namespace faultline
