// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/circleci/circlejson.h"

#include "importers/core/headlines.h"
#include "importers/core/stamps.h"
#include "importers/metrics/jsonrepair.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace faultline {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("faultline::CircleCi", text);
}

void appendMessage(const QJsonObject &message, QByteArray &text, bool &lineIsOpen)
{
    const QByteArray stated = message[QStringLiteral("time")].toString().toUtf8();
    const auto stamp = readIsoStamp({stated.constData(), static_cast<size_t>(stated.size())});
    const bool isError = message[QStringLiteral("type")] == QStringLiteral("err");
    const QByteArray prefix =
        (stamp ? toRfc3339(TimeNs{stamp->time.ns}) + ' ' : QByteArray()) + (isError ? "E " : "O ");
    const QByteArray all = message[QStringLiteral("message")].toString().toUtf8();
    for (qsizetype from = 0; from < all.size();) {
        const qsizetype lf = all.indexOf('\n', from);
        const qsizetype end = lf < 0 ? all.size() : lf + 1;
        if (!lineIsOpen)
            text += prefix;
        text += all.sliced(from, end - from);
        lineIsOpen = lf < 0;
        from = end;
    }
}

} // namespace

std::optional<QByteArray> circleLines(const QByteArray &json, std::vector<Note> &notes)
{
    QByteArray repaired = json;
    if (const auto damage = repairJson(repaired))
        addNote(notes, {Severity::Warning, damage->code, damage->position, damage->text, 1});
    QJsonParseError error{};
    const QJsonDocument document = QJsonDocument::fromJson(repaired, &error);
    if (!document.isArray()) {
        addNote(notes, {Severity::Error,
                        Code::BadSyntax,
                        {1, 0, error.offset},
                        tr("This is no array of messages: %1").arg(error.errorString()),
                        1});
        return std::nullopt;
    }
    QByteArray text;
    bool lineIsOpen = false;
    const QJsonArray messages = document.array();
    qint64 strange = 0;
    for (const QJsonValue &message : messages) {
        if (message.isObject() && message[QStringLiteral("message")].isString())
            appendMessage(message.toObject(), text, lineIsOpen);
        else
            ++strange;
        if (message[QStringLiteral("truncated")].toBool())
            addNote(notes, {Severity::Warning, Code::Truncated, {}, tr("CircleCI cut the output of this step"), 1});
    }
    if (strange > 0)
        addNote(
            notes,
            {Severity::Warning, Code::BadValue, {}, tr("%1 values are no messages and were left out").arg(strange), 1});
    return text;
}

DecodedLine CircleLineDecoder::decode(std::string_view line, qint64 byteOffset) const
{
    line = bareLine(line, byteOffset);
    DecodedLine decoded;
    if (const auto stamp = readIsoStamp(line); stamp && stamp->end + 3 <= line.size() && line[stamp->end] == ' ') {
        decoded.time = stamp->time;
        line.remove_prefix(stamp->end + 1);
    }
    if (line.starts_with("O ") || line.starts_with("E ")) {
        decoded.stream = line.front();
        line.remove_prefix(2);
    }
    decoded.payload = line;
    const QByteArray text = withoutTerminalControl(line.substr(0, 512));
    decoded.level = statedLevel(std::string_view(text.constData(), static_cast<size_t>(text.size())));
    return decoded;
}

} // namespace faultline
