// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/tables.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace faultline {

TablePointer annotationsTable(const Analysis &analysis)
{
    using Row = PlacedAnnotation;
    const auto text = [](const char *name, QString Annotation::*member) {
        return Column<Row>{name, CellType::Text,
                           [member](const Row &row) { return Cell::known((row.annotation.*member).toUtf8()); }};
    };
    const auto number = [](const char *name, std::function<qint64(const Row &)> value) {
        return Column<Row>{name, CellType::Integer, [value](const Row &row) { return Cell::known(value(row)); }};
    };
    const auto line = [](const char *name, qint64 Annotation::*member) {
        return Column<Row>{name, CellType::Integer, [member](const Row &row) {
                               const qint64 value = row.annotation.*member;
                               return value > 0 ? Cell(value) : Cell();
                           }};
    };
    std::vector<Column<Row>> columns{
        number("id", [](const Row &row) { return row.annotation.id; }),
        {"target", CellType::Text, [](const Row &row) { return Cell(annotationTargetName(row.annotation.target)); }},
        number("source", [](const Row &row) { return qint64{row.source}; }),
        line("line", &Annotation::line),
        line("last_line", &Annotation::lastLine),
    };
    addTimeColumns<Row>(columns, [](const Row &row) { return row.time; });
    columns.push_back({"end", CellType::Integer, [](const Row &row) { return Cell(row.end); }});
    columns.push_back(number("series", [](const Row &row) { return qint64{row.series}; }));
    columns.push_back(number("failure", [](const Row &row) { return qint64{row.annotation.failure}; }));
    columns.push_back(text("playbook", &Annotation::playbook));
    columns.push_back(text("node", &Annotation::node));
    columns.push_back(text("quote", &Annotation::quote));
    columns.push_back(text("text", &Annotation::text));
    columns.push_back(text("author", &Annotation::author));
    columns.push_back({"tags", CellType::Text, [](const Row &row) {
                           const QJsonArray tags = QJsonArray::fromStringList(row.annotation.tags);
                           return Cell(QJsonDocument(tags).toJson(QJsonDocument::Compact));
                       }});
    columns.push_back(
        {"colour", CellType::Text, [](const Row &row) { return Cell(annotationColourName(row.annotation.colour)); }});
    columns.push_back({"written", CellType::Integer, [](const Row &row) { return Cell(row.annotation.written.ns); }});
    return std::make_unique<RowTable<Row>>("annotations", std::move(columns), [analysis] {
        return analysis.annotations ? placedAnnotations(*analysis.annotations, *analysis.evidence, *analysis.placement,
                                                        analysis.findings.get())
                                    : std::vector<Row>();
    });
}

} // namespace faultline
