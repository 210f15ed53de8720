// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/types.h"

#include <QTextLayout>

#include <memory>

namespace faultline {

/// Colours single lines of logs by the definitions in resources/syntax. A line never depends on the one before it, so only
/// what is visible is ever looked at.
class LogHighlighter
{
public:
    LogHighlighter();
    ~LogHighlighter();
    Q_DISABLE_COPY_MOVE(LogHighlighter)

    /// Chooses the definition for a source; does nothing where it is chosen already.
    void setKind(SourceKind kind);
    void setDark(bool dark);
    /// Name of the definition in use; empty where it is not installed.
    QString definitionName() const;

    /// The formats of one line, in order.
    QList<QTextLayout::FormatRange> formats(const QString &line) const;

private:
    class Engine;
    std::unique_ptr<Engine> m_engine;
};

} // namespace faultline
