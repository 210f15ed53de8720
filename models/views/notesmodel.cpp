// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/views/notesmodel.h"

#include "models/views/texts.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {
QString placeText(const QString &name, const Position &position)
{
    return position.line > 0 ? QString(name % u':' % QString::number(position.line)) : name;
}
} // namespace

void NotesModel::setAnalysis(const Analysis &analysis)
{
    beginResetModel();
    m_rows.clear();
    if (analysis.evidence) {
        const QStringList names = sourceNames(*analysis.evidence);
        for (size_t i = 0; i < analysis.evidence->sources.size(); ++i) {
            const int source = static_cast<int>(i);
            for (const Note &note : analysis.evidence->sources[i]->notes)
                m_rows.push_back({source, placeText(names.at(source), note.position), note});
        }
    }
    if (analysis.diagnosis) {
        for (const Error &error : analysis.diagnosis->errors) {
            const QString text = error.hint.isEmpty() ? error.message : QString(error.message % u' ' % error.hint);
            m_rows.push_back({-1, placeText(error.source, error.position),
                              Note{Severity::Error, error.code, error.position, text, 1}});
        }
    }
    endResetModel();
}

int NotesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int NotesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant NotesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[static_cast<size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return display(row, index.column());
    case Qt::ToolTipRole: return QString(row.place % u'\n' % row.note.text);
    case SourceRole: return row.source;
    case LineRole: return row.note.position.line;
    case SeverityRole: return static_cast<int>(row.note.severity);
    case CodeRole: return QString(codeName(row.note.code));
    case CountRole: return row.note.count;
    default: return {};
    }
}

QVariant NotesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case SeverityColumn: return tr("Severity");
    case PlaceColumn: return tr("Place");
    case TextColumn: return tr("Note");
    default: return {};
    }
}

QHash<int, QByteArray> NotesModel::roleNames() const
{
    auto names = QAbstractTableModel::roleNames();
    names.insert({{SourceRole, "source"},
                  {LineRole, "line"},
                  {SeverityRole, "severity"},
                  {CodeRole, "code"},
                  {CountRole, "count"}});
    return names;
}

QString NotesModel::display(const Row &row, int column) const
{
    switch (column) {
    case SeverityColumn: return severityTitle(row.note.severity);
    case PlaceColumn: return row.place;
    case TextColumn:
        return row.note.count > 1 ? tr("%1 (%2 times)").arg(row.note.text, QLocale().toString(row.note.count))
                                  : row.note.text;
    default: return {};
    }
}

} // namespace faultline
